import Model

/// What the four systems call a job's state.
enum OtherWords {
    static func of(_ job: Job) -> [String] {
        let words = Vocabulary(of: job)
        let cloudstack = words.cloudstack
        let ovirt = words.ovirt
        return [
            "CloudStack \(cloudstack.status) \(cloudstack.name), code \(cloudstack.resultCode)",
            "CloudBolt \(words.cloudbolt)",
            "Oracle VM \(words.oracle.state)",
            "oVirt \(ovirt.jobStatus), task \(ovirt.taskState); VDSM \(ovirt.vdsmState), "
                + ovirt.vdsmStatus,
        ]
    }
}
