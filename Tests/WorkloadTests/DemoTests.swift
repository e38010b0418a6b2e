import Engine
import Foundation
import Hypervisor
import Model
import Operations
import Testing
import Workload

@Suite("The shipped scenarios")
struct DemoTests {
    @Test("Every file in Demo is known here")
    func complete() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: DemoFiles.folder.path)
        let scenarios = files.filter { $0.hasSuffix(".yaml") }.sorted()
        #expect(scenarios == DemoFiles.names.map { $0 + ".yaml" })
    }

    @Test("Each can be read, and tells its story", arguments: DemoFiles.names)
    func readable(_ name: String) throws {
        let scenario = try DemoFiles.read(name)
        #expect(!scenario.title.isEmpty)
        #expect(scenario.story.count > 100)
        #expect(!scenario.events.isEmpty)
    }

    @Test(
        "Whatever is submitted names a target that exists or can be made",
        arguments: DemoFiles.names
    )
    func plannable(_ name: String) throws {
        let scenario = try DemoFiles.read(name)
        let hypervisor = SimulatedHypervisor(inventory: scenario.inventory, seed: scenario.seed)
        let kinds = KindRegistry(StandardKinds.all(hypervisor: hypervisor))
        for event in scenario.events {
            guard case .submit(let submission, _) = event.deed else { continue }
            var order = Order(target: submission.target, parameters: submission.parameters)
            // What the script did before is not done here, so states do not count.
            order.isTentative = true
            _ = try kinds.plan(kind: submission.kind, order)
        }
    }

    @Test("The data centre has the promised size, seed and past")
    func dataCentre() throws {
        let scenario = try DemoFiles.read("datacenter")
        #expect(scenario.inventory.hosts.count == 12)
        #expect(scenario.inventory.vms.count == 203)
        #expect(scenario.seed == 7)
        #expect(scenario.past == 3 * 3_600_000)
        #expect(scenario.load?.weights["vm.deploy"] == 12)
    }
}
