package import Engine
package import Hypervisor

/// The kinds that Signalbox comes with.
package enum StandardKinds {
    /// All of them, looking at the world through that hypervisor.
    package static func all(hypervisor: any Hypervisor) -> [any JobKind] {
        [
            VMStart(hypervisor: hypervisor), VMStop(hypervisor: hypervisor), Noop(),
        ]
    }
}
