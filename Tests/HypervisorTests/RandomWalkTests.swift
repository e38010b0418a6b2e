import Hypervisor
import Testing

@Suite("What must always hold")
struct RandomWalkTests {
    @Test("Calls, interrupts and faults at random break nothing", arguments: 1...8)
    func walk(seed: UInt64) {
        let hypervisor = SimulatedHypervisor(inventory: Lab.inventory, seed: seed)
        var walker = Walker(seed: seed)
        var subjects: [String: TaskCall] = [:]
        var accepted = 0
        var revision = hypervisor.revision
        for _ in 0..<1_500 {
            let before = hypervisor.inventory()
            let step = walker.next(before)
            let reply = hypervisor.take(step, at: walker.now)
            if case .begin(let call) = step {
                if reply == .accepted || reply == .noAnswer { subjects[call.id] = call }
                if reply == .accepted { accepted += 1 }
            }
            var busy: Set<String> = []
            for (id, call) in subjects {
                switch hypervisor.probe(id, at: walker.now).status {
                case .running, .unreachable: busy.insert(call.subject)
                default: subjects[id] = nil
                }
            }
            let after = hypervisor.inventory()
            let found = violations(of: after, busy: busy)
            #expect(found.isEmpty, "after \(step): \(found)")
            if !found.isEmpty { return }
            if after != before { #expect(hypervisor.revision > revision) }
            revision = hypervisor.revision
        }
        #expect(accepted > 100)
    }

    @Test("When all faults are gone every task ends or can be interrupted", arguments: 1...4)
    func allEnd(seed: UInt64) {
        let hypervisor = SimulatedHypervisor(inventory: Lab.inventory, seed: seed)
        var walker = Walker(seed: seed)
        var ids: [String] = []
        for _ in 0..<500 {
            let step = walker.next(hypervisor.inventory())
            _ = hypervisor.take(step, at: walker.now)
            if case .begin(let call) = step { ids.append(call.id) }
        }
        for rule in hypervisor.rules() { _ = hypervisor.removeRule(rule.id, at: walker.now) }
        let late = walker.now + 1_000_000_000
        for id in ids where hypervisor.probe(id, at: late).status == .running {
            let reply = hypervisor.interrupt(id, fence: .max, at: late)
            let report = hypervisor.probe(id, at: late)
            // Only a fault can have hung what cannot be interrupted.
            #expect(reply == .accepted ? report.status == .interrupted : report.progress == 20)
        }
    }

    @Test("A walk is the same each time it is walked")
    func determinism() {
        func replies() -> [Reply?] {
            let hypervisor = SimulatedHypervisor(inventory: Lab.inventory, seed: 5)
            var walker = Walker(seed: 5)
            return (0..<600).map { _ in
                hypervisor.take(walker.next(hypervisor.inventory()), at: walker.now)
            }
        }
        #expect(replies() == replies())
    }
}
