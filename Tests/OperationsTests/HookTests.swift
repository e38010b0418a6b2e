import Engine
import Foundation
import Model
import Operations
import Synchronization
import Testing

/// What is delivered to hooks, in which order and how often.
@Suite(
    "A hook",
    .serialized,
    .enabled(if: ScriptStage.canRun, "there is no program at \(ScriptStage.guardPath)")
)
struct HookTests {
    private let stage: ScriptStage
    private let stopping: WakePipe

    init() throws {
        stage = try ScriptStage([
            "note": "echo \"$SIGNALBOX_EVENT $SIGNALBOX_JOB $SIGNALBOX_STATE\" >>$T/notes; "
                + "cat >>$T/events",
            "second": "echo $SIGNALBOX_ATTEMPT >>$T/notes; [ $SIGNALBOX_ATTEMPT = 2 ]",
            "never": "echo broken >&2; exit 1",
        ])
        stopping = try WakePipe()
    }

    private func runner(_ program: String, attempts: Int = 1) throws -> HookRunner {
        var rule = HookRule("test")
        rule.states = [.failed, .completed]
        rule.kinds = ["vm.*"]
        rule.program = program
        rule.attempts = attempts
        let programs = ["note", "second", "never"].map {
            ScriptProgram($0, path: stage.folder + "/" + $0)
        }
        return try HookRunner(
            rule,
            catalog: ScriptCatalog(programs),
            guardian: Guardian(program: ScriptStage.guardPath, arguments: ["script-guard"]),
            folder: stage.folder + "/hooks",
            newest: 100,
            stopping: stopping
        )
    }

    private func entry(
        _ sequence: Int64,
        _ job: Int64,
        to state: JobState = .failed
    ) -> JournalEntry {
        JournalEntry(
            sequence: sequence,
            job: JobID(job),
            at: Timestamp(milliseconds: 1000),
            from: .running,
            to: state,
            actor: "engine",
            cause: "x"
        )
    }

    private func jobs(_ kinds: [Int64: String]) -> [JobID: Job] {
        var jobs: [JobID: Job] = [:]
        for (number, kind) in kinds {
            jobs[JobID(number)] = Job(
                id: JobID(number),
                uuid: "u",
                kind: kind,
                target: Target("web-1"),
                user: "u",
                createdAt: Timestamp(milliseconds: 0)
            )
        }
        return jobs
    }

    private var notes: [String] {
        let text = try? String(contentsOfFile: stage.folder + "/notes", encoding: .utf8)
        return (text ?? "").split(separator: "\n").map(String.init)
    }

    /// A runner on its way to another thread and back; only one of them uses it at a time.
    private struct Loan: @unchecked Sendable {
        let runner: HookRunner
    }

    private func take(_ runner: HookRunner, _ entries: [JournalEntry]) async throws -> [String] {
        let kinds: [Int64: String] = [1: "vm.start", 2: "vm.stop", 3: "host.maintenance"]
        let (loan, jobs) = (Loan(runner: runner), jobs(kinds))
        let reports = await Blocking.run {
            var reports: [String] = []
            let isDone = try? loan.runner.take(entries, jobs: jobs) { reports.append($0) }
            return isDone == true ? reports : nil
        }
        return try #require(reports)
    }

    @Test("hears of each event that it waits for, in their order, with the event to read")
    func order() async throws {
        let runner = try runner("note")
        let entries = [
            entry(99, 1), entry(101, 1), entry(102, 2, to: .running), entry(103, 3),
            entry(104, 2, to: .completed),
        ]
        #expect(try await take(runner, entries) == [])
        #expect(notes == ["101 1 failed", "104 2 completed"])
        let events = try String(contentsOfFile: stage.folder + "/events", encoding: .utf8)
        let first = try #require(events.split(separator: "\n").first)
        let object = try JSONSerialization.jsonObject(with: Data(first.utf8)) as? [String: Any]
        #expect((object?["job"] as? [String: Any])?["kind"] as? String == "vm.start")
        #expect((object?["event"] as? [String: Any])?["to"] as? String == "failed")
    }

    @Test("goes on where it was, and repeats nothing that was delivered")
    func cursor() async throws {
        #expect(try await take(try runner("note"), [entry(101, 1)]) == [])
        #expect(try await take(try runner("note"), [entry(101, 1), entry(102, 2)]) == [])
        #expect(notes == ["101 1 failed", "102 2 failed"])
        let course = try #require(HookRunner.course(of: "test", in: stage.folder + "/hooks"))
        #expect((course.cursor, course.delivered, course.failed) == (102, 2, 0))
    }

    @Test("is tried again when it fails")
    func triesAgain() async throws {
        #expect(try await take(try runner("second", attempts: 2), [entry(101, 1)]) == [])
        #expect(notes == ["1", "2"])
    }

    @Test("that fails to the last is reported and kept on record, and the next event is delivered")
    func givesUp() async throws {
        let runner = try runner("never")
        let reports = try await take(runner, [entry(101, 1), entry(102, 2)])
        #expect(reports.count == 2)
        #expect(reports.first?.contains("job-1 failed could not be delivered") == true)
        #expect(runner.course.failed == 2)
        #expect(runner.course.lastError?.contains("broken") == true)
    }

    @Test("whose script is not allowed any more is reported")
    func notAllowed() async throws {
        chmod(stage.folder + "/note", 0o777)
        let reports = try await take(try runner("note"), [entry(101, 1)])
        #expect(reports.first?.contains("anybody may change") == true)
    }

    @Test("looks at jobs with its filter, as in the state that they reached")
    func filters() throws {
        var rule = HookRule("x")
        rule.filter = try FilterParser.parse("state:failed kind:vm.*")
        let job = try #require(jobs([1: "vm.start"])[JobID(1)])
        #expect(rule.matches(entry(1, 1), job))
        #expect(!rule.matches(entry(1, 1, to: .aborted), job))
        var same = entry(1, 1)
        same.from = .failed
        #expect(!rule.matches(same, job))
    }
}
