import Engine
import Model
import Store
import TestKit
import Testing

@Suite("Keys")
struct KeyTests {
    private let kinds: [any JobKind] = [
        ScriptedKind("start", targetType: "vm", parameters: ["to", "password"]) { order in
            Plan(summary: "start", steps: [.doing("start", on: order.target.description)])
        },
        ScriptedKind("stop", targetType: "vm", parameters: []) { _ in
            Plan(summary: "stop", steps: [.doing("stop")])
        },
        ScriptedKind("noop", steps: [.doing("noop")]),
    ]

    private static func order(_ change: (inout Submission) -> Void = { _ in }) -> Submission {
        var submission = Submission(
            kind: "start",
            target: Target("vm/a"),
            parameters: ["to": "h1", "password": "abc"],
            user: "ann",
            account: "x"
        )
        submission.key = "k"
        change(&submission)
        return submission
    }

    private struct Difference: Sendable {
        let words: String
        let change: @Sendable (inout Submission) -> Void
    }

    private static let differences = [
        Difference(words: "its kind is “start” there and “stop” here") {
            $0.kind = "stop"
            $0.parameters = [:]
        },
        Difference(words: "its target is “vm/a” there and “vm/b” here") {
            $0.target = Target("vm/b")
        },
        Difference(words: "parameter to is “h1” there and “h2” here") {
            $0.parameters["to"] = "h2"
        },
        Difference(words: "parameter to is “h1” there and not given here") {
            $0.parameters["to"] = nil
        },
        Difference(words: "parameter password differs") { $0.parameters["password"] = "xyz" },
        Difference(words: "its account is “x” there and “y” here") { $0.account = "y" },
        Difference(words: "what it comes after is not given there and “job-1” here") {
            $0.after = [JobID(1)]
        },
    ]

    @Test(
        "The same key with another order is refused, and the difference is named",
        arguments: Self.differences.indices,
        ["in-process", "in the same turn", "outside"]
    )
    func refused(_ index: Int, _ way: String) throws {
        let bench = try EngineBench(ScriptedBackend(), kinds: kinds)
        _ = try bench.submit("noop")
        let other = Self.order(Self.differences[index].change)

        var outcomes: [RequestOutcome] = []
        if way == "in the same turn" {
            outcomes = try bench.submitTogether([Self.order(), other])
        } else {
            outcomes.append(try bench.submit(Self.order()))
            outcomes.append(
                way == "outside" ? try bench.writeOutside(other) : try bench.submit(other)
            )
        }

        #expect(outcomes.first == .accepted(JobID(2)))
        guard case .refused(let text) = outcomes.last else {
            Issue.record("not refused: \(outcomes)")
            return
        }
        #expect(text.hasPrefix("the key “k” belongs to job-2, which is another order: "))
        #expect(text.contains(Self.differences[index].words), "\(text)")
        #expect(!text.contains("abc") && !text.contains("xyz"))
    }

    @Test(
        "Same key twice is one job, whenever and however urgently it is asked for, in any state",
        arguments: [0, 1000] as [Int64],
        ["in-process", "outside"]
    )
    func same(_ pause: Int64, _ way: String) throws {
        let bench = try EngineBench(ScriptedBackend(), kinds: kinds)
        let first = try bench.submit(Self.order())
        try bench.run(for: pause)
        let again = Self.order {
            $0.priority = 7
            $0.dueAt = bench.clock.now() + 60_000
            $0.user = "bob"
        }
        let second = way == "outside" ? try bench.writeOutside(again) : try bench.submit(again)

        #expect(first == .accepted(JobID(1)))
        #expect(second == .existing(JobID(1)))
        #expect(try bench.job(JobID(1)).state == (pause == 0 ? .running : .completed))
        #expect(try bench.store.read { try $0.counts().total } == 1)
    }

    @Test("An empty key and an endless one are refused")
    func shape() throws {
        let bench = try EngineBench(ScriptedBackend(), kinds: kinds)
        for key in ["", String(repeating: "k", count: 501)] {
            let outcome = try bench.submit(Self.order { $0.key = key })
            guard case .refused(let text) = outcome else {
                Issue.record("accepted: \(outcome)")
                continue
            }
            #expect(text.contains("key"))
        }
    }

    @Test(
        "A retry makes a job without the key, and waits for nobody; the key still names the first"
    )
    func retry() throws {
        let bench = try EngineBench(ScriptedBackend(), kinds: kinds)
        let before = try bench.submit("noop")
        try bench.run(for: 1000)
        // A job with secrets cannot be tried again: they are gone when it ends.
        let order = Self.order {
            $0.after = [before]
            $0.parameters["password"] = nil
        }
        _ = try bench.submit(order)
        try bench.run(for: 1000)

        try bench.request(.retry, JobID(2))
        try bench.run(for: 1000)

        let retry = try bench.stored(JobID(3))
        #expect(retry.job.retryOf == JobID(2))
        #expect(retry.job.state == .completed)
        #expect(retry.extra.key == nil)
        #expect(try bench.store.read { try $0.prerequisites(of: JobID(3)) }.isEmpty)
        #expect(try bench.submit(order) == .existing(JobID(2)))
    }
}
