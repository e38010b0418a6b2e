import GRDB
import Model

/// Views for people who know CloudStack's tables: the same names, so that their queries run here.
enum CloudStackViews {
    /// Kinds of jobs and the commands that CloudStack has for them.
    static let commands: [(kind: String, command: String)] = [
        ("vm.start", "org.apache.cloudstack.api.command.user.vm.StartVMCmd"),
        ("vm.stop", "org.apache.cloudstack.api.command.user.vm.StopVMCmd"),
        ("vm.reboot", "org.apache.cloudstack.api.command.user.vm.RebootVMCmd"),
        ("vm.deploy", "org.apache.cloudstack.api.command.user.vm.DeployVMCmd"),
        ("vm.destroy", "org.apache.cloudstack.api.command.user.vm.DestroyVMCmd"),
        ("vm.migrate", "org.apache.cloudstack.api.command.admin.vm.MigrateVMCmd"),
        ("vm.snapshot", "org.apache.cloudstack.api.command.user.vmsnapshot.CreateVMSnapshotCmd"),
        ("volume.snapshot", "org.apache.cloudstack.api.command.user.snapshot.CreateSnapshotCmd"),
        ("volume.attach", "org.apache.cloudstack.api.command.user.volume.AttachVolumeCmd"),
        ("volume.migrate", "org.apache.cloudstack.api.command.user.volume.MigrateVolumeCmd"),
        (
            "host.maintenance",
            "org.apache.cloudstack.api.command.admin.host.PrepareForMaintenanceCmd"
        ),
        ("template.copy", "org.apache.cloudstack.api.command.user.template.CopyTemplateCmd"),
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

    /// Every job of the store.
    ///
    /// As in CloudStack, `removed` is the time of the end.
    static let view = """
        CREATE VIEW async_job AS SELECT
            job.id AS id,
            job.user AS user_id,
            job.account AS account_id,
            job.target_type AS instance_type,
            job.target_name AS instance_id,
            \(command) AS job_cmd,
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
        FROM job LEFT JOIN result ON result.job = job.id
        """

    /// Jobs moved out of the way: none, as long as finished jobs stay in `async_job`.
    static let archive = "CREATE VIEW async_job_arch AS SELECT * FROM async_job WHERE 0"

    private static let command: String = {
        let cases = commands.map { "WHEN '\($0.kind)' THEN '\($0.command)'" }
        return "CASE job.kind \(cases.joined(separator: " ")) ELSE job.kind END"
    }()

    private static let status = """
        CASE WHEN job.state < \(JobState.completed.code) THEN 0 \
        WHEN job.state <= \(JobState.warning.code) THEN 1 ELSE 2 END
        """

    /// CloudStack's number for an error of which nothing better is known: an internal error.
    private static let internalError = 530

    private static let resultCode = """
        CASE WHEN job.state <= \(JobState.warning.code) THEN 0 \
        WHEN job.code_domain = 'cloudstack' THEN job.code_number ELSE \(internalError) END
        """

    private static let result = """
        CASE WHEN job.state < \(JobState.completed.code) THEN NULL \
        WHEN job.state <= \(JobState.warning.code) THEN result.json \
        ELSE json_object('errorcode', coalesce(job.code_number, \(internalError)), \
        'errortext', job.message) END
        """

    private static func time(_ column: String) -> String {
        "datetime(job.\(column) / 1000, 'unixepoch')"
    }
}
