import Model
import Testing

@Suite("What can be done about a job that stands still")
struct RemedyTests {
    private static func steps(
        _ state: JobState,
        isOpen: Bool,
        verb: String = "vm.boot"
    ) -> [StepRecord] {
        let boot = Operation(verb, on: "vm/a", lane: "host/h1")
        let free = Operation("vm.release", on: "vm/a", lane: "host/h1")
        var first = StepRecord(index: 0, step: Step("Reserve", .operation(boot), undo: free))
        first.state = .done
        var second = StepRecord(index: 1, step: Step("Boot", .operation(boot)))
        second.operation = "7/1/1"
        if isOpen { second.state = state.isTerminal ? .unknown : .running }
        return [first, second]
    }

    private static func commands(
        _ state: JobState,
        isOpen: Bool,
        verb: String = "vm.boot"
    ) -> [String] {
        var job = Samples.job(state)
        if isOpen { job.backend = .unknown }
        let evidence = Evidence(
            chain: [ChainLink(job: job)],
            steps: steps(state, isOpen: isOpen, verb: verb),
            engineAlive: true
        )
        return evidence.remedies.map { remedy in
            let words = remedy.command.split(separator: " ").map(String.init)
            return words.contains("--decision")
                ? words[5] : words[1...2].joined(separator: " ")
        }
    }

    @Test("is a list for each state, the safest first", arguments: JobState.allCases)
    func table(state: JobState) {
        let expected: [String] =
            switch state {
            case .pending: ["job cancel"]
            case .queued: ["job cancel"]
            case .running, .childQueued, .childRunning:
                ["ask", "job cancel", "job abort", "job abandon"]
            case .finishing: ["ask", "job abort", "job abandon"]
            case .cancelling: ["ask", "job abandon"]
            case .rollingBack: ["ask", "job abort", "job abandon"]
            case .lost: ["ask", "job abort", "settleNotDone", "settleDone", "job abandon"]
            case .needsOperator:
                [
                    "ask", "retry", "skip", "giveUp", "settleNotDone", "settleDone",
                    "job abandon",
                ]
            case .completed, .warning: ["ask", "interrupt", "settleNotDone", "settleDone"]
            case .failed, .aborted:
                ["ask", "interrupt", "settleNotDone", "settleDone", "job retry"]
            }
        #expect(
            Self.commands(state, isOpen: state != .pending && state != .queued) == expected
        )
    }

    @Test(
        "offers nothing of which a program outside would not hear",
        arguments: [
            (JobState.running, ["job cancel", "job abort", "job abandon"]),
            (.lost, ["job abort", "settleNotDone", "settleDone", "job abandon"]),
            (.aborted, ["settleNotDone", "settleDone", "job retry"]),
        ]
    )
    func external(_ state: JobState, _ expected: [String]) {
        #expect(Self.commands(state, isOpen: true, verb: External.verb) == expected)
    }

    @Test("says which steps a stop would undo")
    func preview() throws {
        let evidence = Evidence(
            chain: [ChainLink(job: Samples.job(.running))],
            steps: Self.steps(.running, isOpen: true),
            engineAlive: true
        )
        let abort = try #require(evidence.remedies.first { $0.command.contains("abort") })
        #expect(abort.effect.contains("undoes “Reserve”"), "\(abort.effect)")
        let abandon = try #require(evidence.remedies.last)
        #expect(abandon.effect.contains("7/1/1"), "\(abandon.effect)")
    }

    @Test("begins with an engine where none is alive")
    func noEngine() {
        let evidence = Evidence(
            chain: [ChainLink(job: Samples.job(.pending))],
            steps: [],
            engineAlive: false
        )
        #expect(evidence.remedies.first?.command == "signalbox serve")
    }

    @Test("takes the root of a chain first, and then the job that waits")
    func chain() {
        let root = Samples.job(.running)
        var waiter = Samples.job(.pending)
        waiter.id = JobID(root.id.number + 1)
        let evidence = Evidence(
            chain: [
                ChainLink(job: waiter, waitsFor: "lock vm/a (exclusive), held by \(root.id)"),
                ChainLink(job: root),
            ],
            steps: Self.steps(.running, isOpen: true),
            engineAlive: true
        )
        #expect(
            evidence.remedies.suffix(2).map(\.command) == [
                "signalbox lock release vm/a --job \(root.id.number) --reason TEXT --force",
                "signalbox job cancel \(waiter.id.number)",
            ]
        )
        #expect(evidence.operation?.record.operation == "7/1/1")
    }
}
