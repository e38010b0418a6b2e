import Engine
import Hypervisor
import Model

/// Stops a VM: politely, by taking its power away, or one after the other.
struct VMStop: JobKind {
    let hypervisor: any Hypervisor

    let name = "vm.stop"
    let summary = "Stop a VM"
    let targetType = "vm"
    let coalesces = true
    let parameters = [
        ParameterSpec(
            "mode",
            "graceful (the default) asks the guest; forced takes its power away; "
                + "gracefulThenForced does that if the guest does not react"
        )
    ]

    private enum Mode: String, CaseIterable {
        case graceful, forced, gracefulThenForced
    }

    func plan(_ order: Order) throws(Failure) -> Plan {
        let vm = try World(hypervisor).vm(order.target.name)
        let word = try order.choice("mode", of: Mode.allCases.map(\.rawValue))
        let mode = Mode(rawValue: word) ?? .graceful
        try order.require(vm.state != .stopped, else: "\(vm.name) is already stopped")
        try order.require(
            vm.state != .error || mode == .forced,
            else: "\(vm.name) is in error; only mode=forced can stop it"
        )
        return Plan(
            summary: mode == .forced ? "Power off \(vm.name)" : "Stop \(vm.name)",
            steps: Self.steps(vm, mode),
            locks: [.exclusive(vm.resource)] + vm.hostLocks
        )
    }

    private static func steps(_ vm: VM, _ mode: Mode) -> [Step] {
        let subject = vm.resource
        // With a stronger means to follow, a guest that does not react is no reason to fail.
        let polite = Step(
            "Ask the guest of \(vm.name) to shut down",
            .vmShutdown,
            on: subject,
            lane: subject,
            mode == .gracefulThenForced ? [TaskID.mayFail: "true"] : [:]
        )
        let words =
            mode == .forced ? "Power off \(vm.name)" : "Power off \(vm.name) if it still runs"
        let hard = Step(words, .vmPoweroff, on: subject, lane: subject)
        return switch mode {
        case .graceful: [polite]
        case .forced: [hard]
        case .gracefulThenForced: [polite, hard]
        }
    }
}
