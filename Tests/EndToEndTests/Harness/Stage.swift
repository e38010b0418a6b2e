import Testing

extension Sandbox {
    /// A small data centre on which everything is done in a hundredth of the usual time.
    ///
    /// `on-1` to `on-4` run, `off-1` to `off-4` are stopped, `bad-1` cannot be booted, and `thin-1`
    /// hangs for ever when it is to boot from an address that makes no sense.
    private static let scenario = """
        title: Fast
        seed: 3
        inventory:
          hosts:
            - {name: h1, cluster: a, cpus: 64, memory: 65536}
            - {name: h2, cluster: a, cpus: 64, memory: 65536}
          repositories: [repo-1]
          vms:
            - {name: on-1, cluster: a, memory: 512, on: h1}
            - {name: on-2, cluster: a, memory: 512, on: h1}
            - {name: on-3, cluster: a, memory: 512, on: h2}
            - {name: on-4, cluster: a, memory: 512, on: h2}
            - {name: off-1, cluster: a, memory: 512}
            - {name: off-2, cluster: a, memory: 512}
            - {name: off-3, cluster: a, memory: 512}
            - {name: off-4, cluster: a, memory: 512}
            - {name: bad-1, cluster: a, memory: 512}
            - {name: thin-1, cluster: a, memory: 512, disks: 0, boot: pxe}
        faults:
          - {id: bad, scope: vm/bad-1, verb: vm.boot, action: {fail: start.failed}}
          - {id: fast, verb: "*", action: {slow: 0.01}}

        """

    /// The parameters that make a start of `thin-1` hang.
    static let hanging = ["vm.start", "thin-1", "-p", "boot=pxe", "-p", "bootURL=htp:/nowhere"]

    /// Makes the store with the small data centre beside it; no job, no engine.
    func stage() throws {
        let file = try write(Self.scenario, to: "fast.yaml")
        try done("demo", "--headless", "--for", "1s", "--scenario", file, "--store", store)
    }
}
