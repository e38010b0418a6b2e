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
        let single = single(hypervisor, scripts)
        return single + [SequenceKind(hypervisor: hypervisor, kinds: KindRegistry(single))]
    }

    /// Those whose equal orders share one job; they do not depend on what there is.
    package static let coalescing: Set<String> = [
        "vm.start", "vm.stop", "host.maintenance", "host.activate",
    ]

    private static func single(
        _ hypervisor: any Hypervisor,
        _ scripts: ScriptCatalog
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
            SnapshotPolicy(hypervisor: hypervisor),
            SnapshotRotate(hypervisor: hypervisor),
            RepositoryRefresh(hypervisor: hypervisor),
            InventorySync(hypervisor: hypervisor),
            HostScan(hypervisor: hypervisor),
            RepositoryPresent(hypervisor: hypervisor),
            RepositoryMount(hypervisor: hypervisor),
            HostMaintenance(hypervisor: hypervisor),
            HostActivate(hypervisor: hypervisor),
            ScriptRun(catalog: scripts),
            ExternalWork(),
            Noop(),
        ]
    }
}
