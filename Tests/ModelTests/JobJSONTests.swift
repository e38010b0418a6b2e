import Foundation
import Model
import Testing

@Suite("Jobs as JSON")
struct JobJSONTests {
    @Test("that have just been accepted")
    func accepted() {
        let job = Samples.job(.pending) { job in
            job.lane = ""
            job.target = .none
        }
        #expect(
            JobJSON.object(job).pretty == """
                {
                  "id": 12,
                  "uuid": "6f9619ff-8b86-d011-b42d-00c04fc964ff",
                  "parentId": null,
                  "rootId": 12,
                  "kind": "vm.start",
                  "target": {
                    "type": null,
                    "id": null,
                    "name": null
                  },
                  "state": "pending",
                  "progress": 0,
                  "waiting": null,
                  "cause": "none",
                  "rollback": "notNeeded",
                  "backend": "none",
                  "code": null,
                  "message": "",
                  "result": null,
                  "user": "alice",
                  "account": "dev",
                  "priority": 0,
                  "lane": null,
                  "attempt": 1,
                  "schedule": null,
                  "createdAt": "2026-11-22T15:41:20.000Z",
                  "dueAt": null,
                  "startedAt": null,
                  "finishedAt": null,
                  "stop": null,
                  "vocabulary": {
                    "cloudstack": {
                      "jobStatus": 0,
                      "name": "IN_PROGRESS",
                      "jobResultCode": 0
                    },
                    "cloudbolt": "PENDING",
                    "oracle": {
                      "state": "Pending",
                      "jobRunState": "CREATED",
                      "abortedByUser": false
                    },
                    "ovirt": {
                      "asyncTaskState": "Initializing",
                      "commandStatus": "NOT_STARTED",
                      "jobExecutionStatus": "STARTED",
                      "vdsm": {
                        "state": "init",
                        "status": "init",
                        "result": "",
                        "code": 0
                      }
                    }
                  },
                  "pin": null,
                  "archivedAt": null
                }
                """
        )
    }

    /// A child that was aborted, with everything that a job can have.
    static let full = Samples.job(.aborted) { job in
        job.parentID = JobID(7)
        job.rootID = JobID(5)
        job.progress = 40
        job.waiting = Waiting(.lock, on: "vm/web-1", since: Samples.start + 1)
        job.cause = .stoppedByUser
        job.rollback = .clean
        job.backend = .failed
        job.code = ResultCode(domain: "vdsm", number: 411, name: "TaskAborted")
        job.message = "stopped\u{1B}[0m"
        job.result = "{\"b\": 1,\n \"a\": [true]}"
        job.priority = -3
        job.attempt = 2
        job.schedule = "nightly"
        job.dueAt = Samples.start + 1000
        job.startedAt = Samples.start + 2000
        job.finishedAt = Samples.start + 3000
        job.stop = StopRequest(
            level: .abort,
            by: "bob",
            at: Samples.start + 2500,
            reason: "wrong VM"
        )
        job.pin = Pin(by: "ann", at: Samples.start + 4000, reason: "evidence")
        job.archivedAt = Samples.start + 5000
    }

    @Test("that have everything, in one line, with their results embedded")
    func full() {
        let expected =
            #"{"id":12,"uuid":"6f9619ff-8b86-d011-b42d-00c04fc964ff","parentId":7,"rootId":5,"#
            + #""kind":"vm.start","target":{"type":"vm","id":"vm/web-1","name":"web-1"},"#
            + #""state":"aborted","progress":40,"waiting":{"for":"lock","on":"vm/web-1","#
            + #""since":"2026-11-22T15:41:20.001Z","until":null},"#
            + #""cause":"stoppedByUser","rollback":"clean","#
            + #""backend":"failed","code":{"domain":"vdsm","number":411,"name":"TaskAborted"},"#
            + #""message":"stopped\u001b[0m","result":{"b":1,"a":[true]},"user":"alice","#
            + #""account":"dev","priority":-3,"lane":"host/kvm-a01","attempt":2,"#
            + #""schedule":"nightly","#
            + #""createdAt":"2026-11-22T15:41:20.000Z","dueAt":"2026-11-22T15:41:21.000Z","#
            + #""startedAt":"2026-11-22T15:41:22.000Z","finishedAt":"2026-11-22T15:41:23.000Z","#
            + #""stop":{"level":"abort","by":"bob","at":"2026-11-22T15:41:22.500Z","#
            + #""reason":"wrong VM"},"vocabulary":{"cloudstack":{"jobStatus":2,"name":"FAILED","#
            + #""jobResultCode":530},"cloudbolt":"CANCELED","oracle":{"state":"Aborted","#
            + #""jobRunState":"ABORTED","abortedByUser":true},"ovirt":{"asyncTaskState":"Cleared","#
            + #""commandStatus":"ENDED_WITH_FAILURE","jobExecutionStatus":"ABORTED","#
            + #""vdsm":{"state":"recovered","status":"finished","result":"cleanSuccess","#
            + #""code":411}}},"pin":{"by":"ann","at":"2026-11-22T15:41:24.000Z","#
            + #""reason":"evidence"},"archivedAt":"2026-11-22T15:41:25.000Z"}"#
        #expect(JobJSON.line(Self.full) == expected)
        let listed = JobJSON.line(Self.full, profile: .csEnum)
        #expect(listed.contains(#""jobStatus":3,"name":"CANCELLED""#))
    }

    @Test("have results that are no JSON as texts", arguments: ["rO0AB x", "{", ""])
    func textResult(result: String) throws {
        let job = Samples.job { $0.result = result }
        let data = Data(JobJSON.line(job).utf8)
        let object = try JSONSerialization.jsonObject(with: data) as? [String: Any]
        #expect(object?["result"] as? String == result)
    }

    @Test("have the same keys in the same order in every state", arguments: JobState.allCases)
    func keys(state: JobState) {
        let keys = """
            id uuid parentId rootId kind target state progress waiting cause rollback backend code \
            message result user account priority lane attempt schedule createdAt dueAt startedAt \
            finishedAt stop vocabulary pin archivedAt
            """
        let members = JobJSON.object(Samples.job(state)).members
        #expect(members.map(\.key).joined(separator: " ") == keys)
        #expect(!JobJSON.line(Samples.job(state)).contains("\n"))
    }

    @Test("are lists that any reader reads")
    func list() throws {
        let text = JobJSON.list([Self.full, Samples.job()])
        let read = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]]
        #expect(read?.map { $0["state"] as? String } == ["aborted", "running"])
        #expect(JobJSON.list([]) == "[]")
    }

    @Test("come with their details, secrets masked")
    func detail() throws {
        var detail = JobDetail(job: Samples.job())
        detail.parameters = ["size": "3", "rootPassword": "hunter2"]
        detail.tree = [JobRow(job: Samples.job(), depth: 1)]
        detail.log = [
            LogLine(job: JobID(12), at: Samples.start, level: .info, text: "token=hunter2")
        ]
        let members = JobJSON.detail(detail).members
        #expect(
            members.suffix(15).map(\.key) == [
                "parameters", "steps", "journal", "log", "logCount", "tree", "locks",
                "prerequisites", "dependents", "afterFailure",
                "onCrash", "limits", "late", "attention", "rollbackPolicy",
            ]
        )
        let text = JobJSON.detail(detail).text
        #expect(text.contains(#""parameters":{"rootPassword":"********","size":"3"}"#))
        #expect(text.contains(#""depth":1"#))
        #expect(!text.contains("hunter2"))
    }
}
