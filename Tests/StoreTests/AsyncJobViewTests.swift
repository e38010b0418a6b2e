import GRDB
import Model
import Testing

@testable import Store

@Suite("The views for people who know CloudStack's tables")
struct AsyncJobViewTests {
    private let store: SQLiteStore

    init() throws { store = try SQLiteStore() }

    private func row(_ number: Int64) throws -> Row? {
        try store.onDatabase {
            try Row.fetchOne($0, sql: "SELECT * FROM async_job WHERE id = ?", arguments: [number])
        }
    }

    @Test("it has CloudStack's columns", arguments: ["async_job", "async_job_arch"])
    func columns(_ view: String) throws {
        let columns = try store.onDatabase { try $0.columns(in: view).map(\.name) }

        let expected =
            "id user_id account_id instance_type instance_id job_cmd job_cmd_info job_cmd_ver "
            + "job_status job_process_status job_result_code job_result job_init_msid "
            + "job_complete_msid job_executing_msid created last_updated last_polled removed uuid "
            + "related job_type job_dispatcher job_pending_signals"
        #expect(columns.joined(separator: " ") == expected)
    }

    @Test("states and codes are those of the vocabulary", arguments: JobState.allCases)
    func words(_ state: JobState) throws {
        var number: Int64 = 0
        let codes: [Model.ResultCode?] = [
            nil, Model.ResultCode(domain: "cloudstack", number: 533, name: "X"),
        ]
        for cause in Cause.allCases {
            for code in codes {
                number += 1
                let job = job(number) { job in
                    job.state = state
                    job.cause = cause
                    job.code = code
                    job.message = "it \"failed\""
                    job.result = "{\"vm\":1}"
                }
                try store.insert([StoredJob(job: job)])
                let row = try #require(try row(number))
                let word = Vocabulary(of: job).cloudstack

                #expect(row["job_status"] == word.status)
                #expect(row["job_result_code"] == word.resultCode)
                let failure =
                    "{\"errorcode\":\(word.resultCode),\"errortext\":\"it \\\"failed\\\"\"}"
                #expect(row["job_result"] == (word.status == 2 ? failure : "{\"vm\":1}"))
            }
        }
    }

    @Test("kinds, types and times are in CloudStack's words; others stay as they are")
    func kinds() throws {
        let child = stored(2) {
            $0.job.parentID = JobID(1)
            $0.job.rootID = JobID(1)
            $0.job.kind = "moon.shot"
            $0.job.target = Target(type: "moon", name: "1")
            $0.job.state = .completed
            $0.job.finishedAt = Timestamp(milliseconds: 1_000_000_000_000)
        }
        try store.insert([stored(1) { $0.extra.parameters = ["a": "b"] }, child])
        let (known, other) = (try #require(try row(1)), try #require(try row(2)))

        #expect(known["job_cmd"] == "org.apache.cloudstack.api.command.user.vm.StartVMCmd")
        #expect(known["instance_type"] == "VirtualMachine")
        #expect(known["instance_id"] == "web-1")
        #expect(known["job_cmd_info"] == "{\"a\":\"b\"}")
        #expect(known["related"] == "")
        #expect(known["removed"] == nil as String?)
        #expect(other["job_cmd"] == "moon.shot")
        #expect(other["instance_type"] == "moon")
        #expect(other["related"] == "1")
        #expect(other["removed"] == "2001-09-09 01:46:40")
    }

    @Test("views of an older program are made anew")
    func refresh() throws {
        try store.onDatabase { database in
            try database.execute(sql: "DROP VIEW async_job; CREATE VIEW async_job AS SELECT 1")
            try CloudStackViews.refresh(database)
            let columns = try database.columns(in: "async_job").count
            #expect(columns == 24)
        }
    }
}
