package import Engine
import Foundation
import Glibc
package import Model

/// Delivers events to one hook: in order, each at least once, whatever dies in between.
///
/// It takes lines of the journal as they lie in the store, and keeps on disk with which it is done;
/// so the journal itself is the queue, and nothing else grows. It blocks while a script runs, and
/// belongs on a thread of its own.
package final class HookRunner {
    /// What it works for.
    package let rule: HookRule
    /// How far it has come.
    package private(set) var course: HookCourse
    private let catalog: ScriptCatalog
    private let guardian: Guardian
    private let folder: String
    private let stopping: WakePipe
    private var savedCursor: Int64

    /// How many lines may be passed over before that is written down.
    private static let passed: Int64 = 5000
    /// The pause before the second attempt, in milliseconds; it doubles from there.
    private static let pause: Int32 = 1000
    /// How often somebody else's guard is looked at, in milliseconds.
    private static let glance: Int32 = 100

    /// The runner of a rule, at the place where the one before it ended.
    ///
    /// - Parameters:
    ///   - rule: what it works for.
    ///   - catalog: what may be run.
    ///   - guardian: what stands by the runs.
    ///   - folder: where courses and runs are kept, that of the scripts; it is made.
    ///   - newest: the newest line of the journal, where a hook begins that is new.
    ///   - stopping: becomes readable when the runner is to give up waiting.
    /// - Throws: ``FileTrouble`` if the course cannot be written.
    package init(
        _ rule: HookRule,
        catalog: ScriptCatalog,
        guardian: Guardian,
        folder: String,
        newest: Int64,
        stopping: WakePipe
    ) throws {
        mkdir(folder, 0o700)
        guard let real = realpath(folder, nil) else { throw FileTrouble("use \(folder)") }
        defer { free(real) }
        (self.rule, self.catalog, self.guardian) = (rule, catalog, guardian)
        self.folder = String(cString: real)
        self.stopping = stopping
        let known = Self.course(of: rule.name, in: folder)
        course = known ?? HookCourse(after: newest)
        savedCursor = course.cursor
        if known == nil { try save() }
    }

    /// The course of a hook; nil if it has none yet.
    package static func course(of name: String, in folder: String) -> HookCourse? {
        RunFolder(path: folder).read(HookCourse.self, from: "\(folder)/hook-\(name).json")
    }

    /// Takes lines of the journal that follow the cursor, and delivers those that count.
    ///
    /// - Parameters:
    ///   - entries: the next lines, oldest first.
    ///   - jobs: the jobs that these lines are about.
    ///   - report: is told of what could not be delivered.
    /// - Returns: false if it was told to stop; the rest is then still to be delivered.
    /// - Throws: ``FileTrouble`` if it cannot be written down how far it has come.
    package func take(
        _ entries: [JournalEntry],
        jobs: [JobID: Job],
        report: (String) -> Void
    ) throws -> Bool {
        for entry in entries where entry.sequence > course.cursor {
            if let job = jobs[entry.job], rule.matches(entry, job) {
                guard try deliver(entry, job, report) else { return false }
                course.cursor = entry.sequence
                try save()
            }
            course.cursor = entry.sequence
        }
        if course.cursor - savedCursor > Self.passed { try save() }
        return true
    }

    private func save() throws {
        let data = try JSONEncoder().encode(course)
        try DurableFile.write(data, to: "\(folder)/hook-\(rule.name).json")
        savedCursor = course.cursor
    }

    // MARK: One event

    /// Runs the script for one event until it is done, or was tried often enough.
    private func deliver(
        _ entry: JournalEntry,
        _ job: Job,
        _ report: (String) -> Void
    ) throws -> Bool {
        var problem = ""
        for attempt in 1...max(1, rule.attempts) {
            if attempt > 1, isStopping(within: Self.pause << Int32(min(attempt - 2, 5))) {
                return false
            }
            switch try run(entry, job, attempt) {
            case nil: return false
            case "":
                course.delivered += 1
                (course.lastError, course.lastErrorAt) = (nil, nil)
                return true
            case let text?: problem = text
            }
        }
        course.failed += 1
        course.lastError = problem
        course.lastErrorAt = entry.sequence
        let event = "\(entry.job) \(entry.to.rawValue)"
        report("hook \(rule.name): \(event) could not be delivered: \(problem)")
        return true
    }

    /// Runs the script once.
    ///
    /// - Returns: what went wrong, empty if nothing; nil if it was told to stop meanwhile.
    private func run(_ entry: JournalEntry, _ job: Job, _ attempt: Int) throws -> String? {
        let name = "hook-\(rule.name)-\(entry.sequence)-\(attempt)"
        let run = RunFolder(path: "\(folder)/\(name)")
        defer { if run.has(run.end) { try? FileManager.default.removeItem(atPath: run.path) } }
        if !run.has(run.order) {
            do throws(Failure) {
                let order = try order(entry, job, attempt, run)
                mkdir(run.path, 0o700)
                guard let input = order.input else { return "" }
                do {
                    try DurableFile.write(Self.payload(entry, job), to: input)
                    try run.write(order, to: run.order)
                } catch { return String(describing: error) }
            } catch { return error.text }
        }
        guard wait(for: run) else { return nil }
        guard let end = run.read(ScriptEnd.self, from: run.end) else {
            try? FileManager.default.removeItem(atPath: run.path)
            return "its guard was killed"
        }
        switch end.event(warningStatus: -1) {
        case .done, .doneWithWarning: return ""
        case .failed(let failure): return failure.text
        default: return "it was stopped"
        }
    }

    private func order(
        _ entry: JournalEntry,
        _ job: Job,
        _ attempt: Int,
        _ run: RunFolder
    ) throws(Failure) -> ScriptOrder {
        let program = try catalog.program(rule.program ?? "")
        var order = ScriptOrder(
            operation: "hook/\(rule.name)/\(entry.sequence)/\(attempt)",
            subject: "hook/\(rule.name)",
            fence: 0,
            program: program.path,
            grace: min(program.grace, 5000),
            timeout: min(rule.timeout, program.timeout ?? .max),
            warningStatus: program.warningStatus,
            limits: program.limits
        )
        order.directory = program.directory
        order.input = run.path + "/event.json"
        order.environment = ScriptOrder.usual(run)
        order.environment.merge([
            "SIGNALBOX_HOOK": rule.name,
            "SIGNALBOX_EVENT": String(entry.sequence),
            "SIGNALBOX_ATTEMPT": String(attempt),
            "SIGNALBOX_JOB": String(entry.job.number),
            "SIGNALBOX_STATE": entry.to.rawValue,
            "SIGNALBOX_FROM": entry.from?.rawValue ?? "new",
            "SIGNALBOX_KIND": job.kind,
            "SIGNALBOX_TARGET": job.target == .none ? "" : job.target.description,
        ]) { $1 }
        return order
    }

    /// The event as its script reads it: a line of the journal, and the job as it is by now.
    static func payload(_ entry: JournalEntry, _ job: Job) -> Data {
        let value = JSONValue.object(of: [
            "event": RecordJSON.object(entry),
            "job": JobJSON.object(job),
        ])
        return Data((value.text + "\n").utf8)
    }

    // MARK: Waiting

    /// Has a run guarded to its end; false if it was told to stop before.
    private func wait(for run: RunFolder) -> Bool {
        // An engine before this one may have left it with a guard at work.
        while run.isGuarded {
            if isStopping(within: Self.glance) { return false }
        }
        guard !run.has(run.end), !run.has(run.beginning) else { return true }
        guard let done = try? WakePipe() else { return true }
        Task.detached { [guardian] in
            _ = await guardian.stand(by: run)
            done.signal()
        }
        var wanted = [done.readEnd, stopping.readEnd].map {
            pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
        }
        while wanted[0].revents == 0 {
            guard poll(&wanted, nfds_t(wanted.count), -1) >= 0 || errno == EINTR else {
                return false
            }
            if wanted[1].revents != 0, wanted[0].revents == 0 { return false }
        }
        return true
    }

    private func isStopping(within milliseconds: Int32) -> Bool {
        var wanted = [pollfd(fd: stopping.readEnd, events: Int16(POLLIN), revents: 0)]
        return poll(&wanted, 1, milliseconds) > 0
    }
}
