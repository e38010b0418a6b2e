import Model
import Testing

@Suite("What can be done about a job that stands still")
struct RemedyTests {
    private static func steps(_ state: JobState, isOpen: Bool) -> [StepRecord] {
        let boot = Operation("vm.boot", on: "vm/a", lane: "host/h1")
        let free = Operation("vm.release", on: "vm/a", lane: "host/h1")
        var first = StepRecord(index: 0, step: Step("Reserve", .operation(boot), undo: free))
        first.state = .done
        var second = StepRecord(index: 1, step: Step("Boot", .operation(boot)))
        second.operation = "7/1/1"
        if isOpen { second.state = state.isTerminal ? .unknown : .running }
        return [first, second]
    }

    private static func commands(_ state: JobState, isOpen: Bool) -> [String] {
        var job = Samples.job(state)
        if isOpen { job.backend = .unknown }
        let evidence = Evidence(
            chain: [ChainLink(job: job)],
            steps: steps(state, isOpen: isOpen),
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

    private static func abort(_ steps: [StepRecord]) throws -> String {
        let evidence = Evidence(
            chain: [ChainLink(job: Samples.job(.running))],
            steps: steps,
            engineAlive: true
        )
        return try #require(evidence.remedies.first { $0.command.contains("abort") }).effect
    }

    @Test("says what a stop would undo as the engine would: newest first, what still counts, five")
    func undoes() throws {
        func step(_ name: String, _ change: (inout StepRecord) -> Void = { _ in }) -> StepRecord {
            let undo = Operation("undo", on: "vm/a")
            let step = Step(name, .operation(Operation("do", on: "vm/a")), undo: undo)
            var record = StepRecord(index: 0, step: step)
            record.state = .done
            change(&record)
            return record
        }
        let replaced = step("old") { $0.undo = .replaced }
        let left = step("left") { $0.undo = .skipped }
        let point = step("point") {
            $0.step.commit = CommitPoint(undo: Operation("clear", on: "vm/a"))
        }
        let undone = step("undone") { $0.undo = .done }
        let refused = step("refused") { $0.state = .refused }

        #expect(
            try Self.abort([replaced, left, point, undone, step("new"), refused])
                .hasSuffix("undoes “new”, “point (all up to here, by clear vm/a)”")
        )
        #expect(try Self.abort([replaced, undone]).hasSuffix("there is nothing to undo"))
        let five = ["a", "b", "c", "d", "e"].map { step($0) }
        #expect(try Self.abort(five).hasSuffix("undoes “e”, “d”, “c”, “b”, “a”"))
        #expect(try Self.abort([step("z")] + five).hasSuffix("“a” and 1 more"))
        var past = step("past")
        past.step.isPointOfNoReturn = true
        #expect(try Self.abort([past]).contains("past its point of no return"))
        past.state = .failed
        #expect(try Self.abort([past]).hasSuffix("undoes “past”"), "it is not behind what failed")
        past.state = .waiting
        #expect(try Self.abort([step("a"), past]).hasSuffix("undoes “a”"))
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
