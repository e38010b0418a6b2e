import Engine
import Model
import TestKit
import Testing

@Suite("The registry of kinds")
struct KindRegistryTests {
    private let registry = KindRegistry([
        ScriptedKind("vm.start", targetType: "vm", parameters: ["to"]) { _ in
            Plan(summary: "Start", steps: [.doing("vm.boot")])
        },
        ScriptedKind("noop", steps: []),
    ])

    private func refusal(_ kind: String, _ order: Order) -> String? {
        do {
            _ = try registry.plan(kind: kind, order)
            return nil
        } catch {
            return error.text
        }
    }

    @Test("makes the plan of a kind it knows")
    func plans() throws {
        let order = Order(target: Target(type: "vm", name: "web-1"), parameters: ["to": "kvm-1"])
        #expect(try registry.plan(kind: "vm.start", order).summary == "Start")
    }

    @Test("names the kinds it knows when it is asked for another")
    func unknown() throws {
        let text = try #require(refusal("vm.strat", Order(target: .none)))
        #expect(text.contains("vm.strat") && text.contains("noop, vm.start"))
    }

    @Test("refuses parameters that the kind does not have, and names those it has")
    func stranger() throws {
        let order = Order(target: Target(type: "vm", name: "web-1"), parameters: ["host": "x"])
        let text = try #require(refusal("vm.start", order))
        #expect(text.contains("“host”") && text.contains("it has: to"))
    }

    @Test("refuses a missing target and one of another type")
    func targets() {
        #expect(refusal("vm.start", Order(target: .none)) != nil)
        #expect(refusal("vm.start", Order(target: Target(type: "host", name: "h"))) != nil)
        #expect(refusal("noop", Order(target: .none)) == nil)
    }

    @Test("lists its kinds by name")
    func lists() {
        #expect(registry.all.map(\.name) == ["noop", "vm.start"])
    }
}
