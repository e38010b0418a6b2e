import GRDB
import Model

/// Views for people who know CloudStack's tables: the same names, so that their queries run here.
///
/// Numbers of states and codes come from ``Model/Vocabulary``.
enum CloudStackViews {
    /// Kinds of jobs that CloudStack has commands for, below `org.apache.cloudstack.api.command`.
    static let commands = [
        "vm.deploy": "user.vm.DeployVMCmd",
        "vm.start": "user.vm.StartVMCmd",
        "vm.stop": "user.vm.StopVMCmd",
        "vm.reboot": "user.vm.RebootVMCmd",
        "vm.remove": "user.vm.DestroyVMCmd",
        "vm.resize": "user.vm.ScaleVMCmd",
        "vm.migrate": "admin.vm.MigrateVMCmd",
        "disk.create": "user.volume.CreateVolumeCmd",
        "snapshot.create": "user.vmsnapshot.CreateVMSnapshotCmd",
        "snapshot.delete": "user.vmsnapshot.DeleteVMSnapshotCmd",
        "host.maintenance": "admin.host.PrepareForHostMaintenanceCmd",
    ]

    /// Types of targets as CloudStack calls them.
    static let types = [
        "vm": "VirtualMachine", "host": "Host", "disk": "Volume", "snapshot": "Snapshot",
        "image": "Template", "repository": "StoragePool",
    ]

    /// Makes the views anew if this version says them differently.
    static func refresh(_ database: Database) throws {
        for (name, sql) in [("async_job", view), ("async_job_arch", archive)] {
            let stored = try String.fetchOne(
                database,
                sql: "SELECT sql FROM sqlite_schema WHERE type = 'view' AND name = ?",
                arguments: [name]
            )
            guard stored != sql else { continue }
            try database.execute(sql: "DROP VIEW IF EXISTS \(name)")
            try database.execute(sql: sql)
        }
    }

    /// Every job of the store that is not archived.
    ///
    /// As in CloudStack, `removed` is the time of the end.
    static let view = view("async_job", of: .hot)

    /// The jobs that were moved to the archive.
    static let archive = view("async_job_arch", of: .archive)

    private static func view(_ name: String, of place: Place) -> String {
        """
        CREATE VIEW \(name) AS SELECT
            job.id AS id,
            job.user AS user_id,
            job.account AS account_id,
            \(words("job.target_type", types)) AS instance_type,
            job.target_name AS instance_id,
            \(words("job.kind", commands.mapValues { "org.apache.cloudstack.api.command." + $0 }))
                AS job_cmd,
            job.parameters AS job_cmd_info,
            1 AS job_cmd_ver,
            \(status) AS job_status,
            job.progress AS job_process_status,
            \(resultCode) AS job_result_code,
            \(result) AS job_result,
            NULL AS job_init_msid,
            NULL AS job_complete_msid,
            NULL AS job_executing_msid,
            \(time("created_at")) AS created,
            \(time("updated_at")) AS last_updated,
            NULL AS last_polled,
            \(time("finished_at")) AS removed,
            job.uuid AS uuid,
            CASE WHEN job.root_id = job.id THEN '' ELSE CAST(job.root_id AS TEXT) END AS related,
            job.kind AS job_type,
            'signalbox' AS job_dispatcher,
            0 AS job_pending_signals
        FROM \(place.prefix)job AS job
            LEFT JOIN \(place.prefix)result AS result ON result.job = job.id
        """
    }

    // MARK: Columns

    private static func words(_ column: String, _ words: [String: String]) -> String {
        let cases = words.sorted { $0.key < $1.key }.map { "WHEN '\($0.key)' THEN '\($0.value)'" }
        return "CASE \(column) \(cases.joined(separator: " ")) ELSE \(column) END"
    }

    private static func time(_ column: String) -> String {
        "datetime(job.\(column) / 1000, 'unixepoch')"
    }

    private static let status: String = {
        let cases = JobState.allCases.map { state in
            "WHEN \(state.code) THEN \(word(state).status)"
        }
        return "CASE job.state \(cases.joined(separator: " ")) END"
    }()

    private static let hasFailed =
        "job.state IN (\(JobState.failed.code), \(JobState.aborted.code))"

    private static let resultCode: String = {
        let usual = word(.failed).resultCode
        let causes = Cause.allCases.filter { word(.failed, $0).resultCode != usual }
        let cases = causes.map { "WHEN '\($0.rawValue)' THEN \(word(.failed, $0).resultCode)" }
        return """
            CASE WHEN NOT \(hasFailed) THEN 0 \
            WHEN job.code_domain = 'cloudstack' THEN job.code_number \
            ELSE CASE job.cause \(cases.joined(separator: " ")) ELSE \(usual) END END
            """
    }()

    private static let result = """
        CASE WHEN \(hasFailed) THEN json_object('errorcode', \(resultCode), \
        'errortext', job.message) ELSE result.json END
        """

    /// What a job in that state, with that cause, is in CloudStack.
    private static func word(_ state: JobState, _ cause: Cause = .error) -> Vocabulary.CloudStack {
        var job = Job(
            id: JobID(1),
            uuid: "",
            kind: "",
            target: .none,
            state: state,
            user: "",
            createdAt: Timestamp(milliseconds: 0)
        )
        job.cause = cause
        return Vocabulary(of: job).cloudstack
    }
}
