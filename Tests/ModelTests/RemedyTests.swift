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

    private static func commands(
        _ chain: [ChainLink],
        _ steps: [StepRecord] = [],
        engineAlive: Bool = true
    ) -> [String] {
        Evidence(chain: chain, steps: steps, engineAlive: engineAlive).remedies
            .map { String($0.command.dropFirst("signalbox ".count)) }
    }

    private static func commands(
        _ state: JobState,
        _ change: (inout Job) -> Void = { _ in }
    ) -> [String] { commands([ChainLink(job: Samples.job(state, change))]) }

    @Test("offers only what fits: a verdict, the lane's, the next rung, no operation without one")
    func fitting() {
        #expect(
            Self.commands(.pending) { $0.waiting = Waiting(.approval, since: Samples.start) } == [
                "job approve 12", "job reject 12 --reason TEXT", "job cancel 12",
            ]
        )
        #expect(
            Self.commands(.queued) { $0.waiting = Waiting(.pausedLane, since: Samples.start) }
                == ["lane resume host/kvm-a01", "job cancel 12"]
        )
        func stopped(_ level: StopLevel) -> [String] {
            Self.commands(.cancelling) {
                $0.stop = StopRequest(level: level, by: "ann", at: Samples.start, reason: "")
            }
        }
        #expect(stopped(.cancel) == ["job abort 12", "job abandon 12"])
        #expect(stopped(.abort) == ["job abandon 12"])
        #expect(Self.commands(.rollingBack) == ["job abandon 12"])
        #expect(
            Self.commands(.needsOperator)
                == ["retry", "skip", "giveUp"].map { "job resolve 12 --decision \($0)" }
                + ["job abandon 12"]
        )
        #expect(Self.commands(.completed) == [])
        let ended = [ChainLink(job: Samples.job(.failed))]
        #expect(Self.commands(ended, engineAlive: false) == ["job retry 12"])
    }

    @Test("says of a step that cannot be interrupted, and of an undo, what will happen")
    func words() throws {
        func effects(_ state: JobState, _ change: (inout StepRecord) -> Void) -> [String] {
            var steps = Self.steps(state, isOpen: true)
            change(&steps[1])
            let chain = [ChainLink(job: Samples.job(state))]
            return Evidence(chain: chain, steps: steps, engineAlive: true).remedies.map(\.effect)
        }
        let firm = effects(.running) { $0.step.isInterruptible = false }
        #expect(firm.contains { $0.hasPrefix("waits for the end of “Boot”, which cannot be") })
        let soft = effects(.running) { _ in }
        #expect(soft.contains { $0.hasPrefix("stops “Boot”, then ") })
        let step = effects(.needsOperator) { _ in }
        #expect(step.contains("the backend is asked again about 7/1/1"))
        #expect(step.contains("goes on without “Boot”"))
        let undo = effects(.needsOperator) {
            ($0.undo, $0.operation) = (.running, "7/1/u1")
        }
        #expect(undo.contains("the undo is tried again"))
    }

    @Test("offers a lock for which somebody waits, by force only where an operation is at work")
    func locks() {
        func chain(_ root: Job, _ waiter: Job) -> [ChainLink] {
            [
                ChainLink(job: waiter, waitsFor: "\(JobID(13)) to complete"),
                ChainLink(
                    job: Samples.job(.pending) { $0.id = JobID(13) },
                    waitsFor: "lock vm/a (exclusive), held by \(root.id)"
                ),
                ChainLink(job: root),
            ]
        }
        let root = Samples.job(.queued)
        let waiter = Samples.job(.pending) { $0.id = JobID(14) }
        #expect(
            Self.commands(chain(root, waiter)).suffix(2)
                == ["lock release vm/a --job 12 --reason TEXT", "job cancel 14"]
        )
        let ended = Samples.job(.aborted)
        #expect(Self.commands(chain(ended, waiter)) == ["job retry 12", "job cancel 14"])
        #expect(
            Self.commands(
                [ChainLink(job: Samples.job(.failed) { $0.id = JobID(14) })]
                    + [ChainLink(job: root)]
            ).last == "job retry 14"
        )
        func effect(_ startedAt: Timestamp?) -> String? {
            let begun = Samples.job(.queued) { ($0.id, $0.startedAt) = (JobID(14), startedAt) }
            return Evidence(chain: chain(root, begun), steps: [], engineAlive: true).remedies.last?
                .effect
        }
        #expect(effect(nil) == "job-14 waits no longer and ends; it has done nothing")
        #expect(effect(Samples.start) == "job-14 waits no longer; what it did is undone")
    }
}
