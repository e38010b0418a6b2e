package import Hypervisor
package import Model

extension Failure {
    /// A hypervisor's fault in the engine's words.
    ///
    /// The class says what may follow: no room here becomes another placement, a state that does
    /// not allow the work now is tried again, and a newer owner ends it.
    package init(_ fault: Fault) {
        let code = ResultCode(domain: fault.domain, number: fault.number, name: fault.name)
        let detail = fault.detail.map { " (\($0))" } ?? ""
        self.init(code, fault.text + detail, kind: Self.kind(of: fault))
    }

    private static func kind(of fault: Fault) -> FailureClass {
        // Another destination may do.
        if fault.name == Fault.migrationDestination.name { return .placement }
        return switch fault.kind {
        case .permanent, .stale: .permanent
        case .transient: .transient
        case .unreachable: .unreachable
        case .capacity: .placement
        case .conflict: lastingConflicts.contains(fault.name) ? .permanent : .transient
        }
    }

    /// Conflicts that waiting does not resolve: the name is taken, or the task's id is.
    private static let lastingConflicts: Set<String> = [
        Fault.alreadyExists.name, Fault.taskExists.name, Fault.notInterruptible.name,
    ]
}
