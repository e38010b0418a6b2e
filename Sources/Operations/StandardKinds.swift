package import Engine
package import Hypervisor

/// The kinds that Signalbox comes with.
package enum StandardKinds {
    /// All of them, looking at the world through that hypervisor; without a catalogue no script
    /// can be run.
    package static func all(
        hypervisor: any Hypervisor,
        scripts: ScriptCatalog = ScriptCatalog()
    ) -> [any JobKind] {
        [
            VMStart(hypervisor: hypervisor),
            VMStop(hypervisor: hypervisor),
            VMReboot(hypervisor: hypervisor),
            VMRename(hypervisor: hypervisor),
            VMResize(hypervisor: hypervisor),
            VMDeploy(hypervisor: hypervisor),
            VMRemove(hypervisor: hypervisor),
            VMMigrate(hypervisor: hypervisor),
            DiskCreate(hypervisor: hypervisor),
            NICCreate(hypervisor: hypervisor),
            ImageRemove(hypervisor: hypervisor),
            SnapshotCreate(hypervisor: hypervisor),
            SnapshotDelete(hypervisor: hypervisor),
            RepositoryPresent(hypervisor: hypervisor),
            RepositoryMount(hypervisor: hypervisor),
            HostMaintenance(hypervisor: hypervisor),
            HostActivate(hypervisor: hypervisor),
            ScriptRun(catalog: scripts),
            Noop(),
        ]
    }
}
