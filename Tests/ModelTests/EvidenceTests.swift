@testable import Model
import Testing

@Suite("What is known of an operation")
struct EvidenceTests {
    private let boot = Operation("vm.boot", on: "vm/a", lane: "host/h1")

    private func record(
        _ index: Int,
        _ state: StepState,
        undo: UndoState = .none,
        at operation: String,
        _ change: (inout Step) -> Void = { _ in }
    ) -> StepRecord {
        var step = Step("Step", .operation(boot), undo: Operation("vm.halt", on: "vm/b"))
        change(&step)
        var record = StepRecord(index: index, step: step)
        (record.state, record.undo, record.operation) = (state, undo, operation)
        record.startedAt = Samples.start
        return record
    }

    private func evidence(
        _ records: [StepRecord],
        backend: BackendStatus = .unknown,
        limits: [TimeLimit] = []
    ) -> OperationEvidence? {
        let job = Samples.job(.running) { $0.backend = backend }
        return OperationEvidence(job, steps: records, limits: limits)
    }

    @Test("is told of the one that its job waits for, else of the newest that it left behind")
    func which() {
        let old = record(0, .unknown, at: "12/0/1")
        let newer = record(1, .unknown, at: "12/1/1")
        let waited = record(0, .running, at: "12/0/2")

        #expect(evidence([waited, newer])?.record == waited)
        #expect(evidence([waited, newer])?.isInFlight == true)
        #expect(evidence([old, newer])?.record == newer)
        #expect(evidence([old, newer])?.isInFlight == false)
        #expect(evidence([record(0, .done, at: "12/0/1")]) == nil)
    }

    @Test("is what takes the step back, if that is at work: its own, a commit point's, a child's")
    func undo() {
        let own = record(0, .failed, undo: .running, at: "12/0/u1")
        let committed = record(0, .done, undo: .running, at: "12/0/u1") {
            $0.commit = CommitPoint(undo: Operation("all.clear", on: "vm/c"))
        }
        var made = ChildSpec("vm.deploy", .none)
        made.undo = Operation("vm.remove", on: "vm/d")
        var children = record(0, .done, undo: .running, at: "12/0/u1") {
            $0 = Step("Children", .children(Children([made])))
        }
        children.undoing = [0]

        #expect(evidence([record(0, .running, at: "12/0/1")])?.operation == boot)
        #expect(evidence([own])?.operation?.verb == "vm.halt")
        #expect(evidence([committed])?.operation?.verb == "all.clear")
        #expect(evidence([children])?.operation?.verb == "vm.remove")
    }

    @Test("has the limit of its own step, when it was heard of, and when the backend is asked")
    func object() throws {
        let limits = [60_000, 90_000].enumerated().map { place, milliseconds in
            TimeLimit(name: .step, milliseconds: milliseconds, origin: .plan, step: place)
        }
        let records = [
            record(0, .done, at: "12/0/1"), record(1, .running, at: "12/1/1"),
        ]
        let job = Samples.job(.running) { $0.updatedAt = Samples.start + 5000 }
        let all = Evidence(
            chain: [ChainLink(job: job)],
            steps: records,
            limits: limits,
            engineAlive: true
        )

        let text = JSONValue.object(all.members).text
        #expect(text.contains(#""limit":90000"#))
        #expect(text.contains(#""heardAt":"\#(Samples.start + 5000)""#))
        #expect(text.contains(#""beganAt":"\#(Samples.start)""#))
        #expect(text.contains(#""asksAfter":120000"#))
    }
}
