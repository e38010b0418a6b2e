import Model
import Testing

@Suite("The journal in older systems' log formats")
struct OlderLogTests {
    private static let root = "599b0554-0000-7000-8000-00000000000a"

    private static func entry(
        _ from: JobState?,
        _ to: JobState,
        _ cause: String = "a slot is free\nnow",
        job: Job
    ) -> JournalEntry {
        let at = Timestamp(milliseconds: 1_765_386_069_184)
        return JournalEntry(job: job.id, at: at, from: from, to: to, actor: "ann", cause: cause)
    }

    private static func line(_ format: OlderLog, _ entry: JournalEntry, _ job: Job) -> String {
        format.lines(entry, of: job, root: root).first ?? ""
    }

    private static func jobs() -> [Job] {
        var root = Samples.job(.running)
        root.parentID = nil
        root.id = JobID(61)
        root.rootID = JobID(61)
        var child = root
        child.id = JobID(62)
        child.parentID = JobID(61)
        return [root, child]
    }

    @Test("Lines parse with both CloudStack ≤4.19 and 4.20+ and VDSM patterns")
    func parse() throws {
        let old =
            #/
            (\d{4}-\d\d-\d\d\ \d\d:\d\d:\d\d,\d{3})\ (\w+)\ +\[([\w.]+)\]
            \ \(([\w-]+):(ctx-\w{8})(\ job-\d+(?:/job-\d+)?)\)\ \(logid:(\w{8})\)\ (.+)
            /#
        let new =
            #/
            (\d{4}-\d\d-\d\d\ \d\d:\d\d:\d\d,\d{3})\ (\w+)\ +\[([\w.]+)\]
            \ \(([\w-]+):\[(ctx-\w{8}),\ (job-\d+(?:/job-\d+)?)\]\)\ \(logid:(\w{8})\)\ (.+)
            /#
        let vdsm =
            #/
            (\d{4}-\d\d-\d\d\ \d\d:\d\d:\d\d,\d{3}[+-]\d{4})\ (\w+)\ +\(([\w/]+)\)\ \[([\w.]+)\]
            \ \(Task='([0-9a-f-]{36})'\)\ (.+)\ \((\w+):(\d+)\)
            /#
        for job in Self.jobs() {
            for move in Move.all {
                let entry = Self.entry(move.from, move.to, job: job)
                #expect(Self.line(.cloudstack419, entry, job).wholeMatch(of: old) != nil)
                #expect(Self.line(.cloudstack, entry, job).wholeMatch(of: new) != nil)
                for line in OlderLog.vdsm.lines(entry, of: job, root: Self.root) {
                    #expect(line.wholeMatch(of: vdsm) != nil, "\(line)")
                }
            }
            let entry = Self.entry(.running, .running, "asked to cancel: password=geheim", job: job)
            for format in OlderLog.allCases {
                #expect(!Self.line(format, entry, job).contains("geheim"))
            }
        }
    }

    @Test("A line of each, to the letter")
    func exact() {
        let (root, child) = (Self.jobs()[0], Self.jobs()[1])
        let end = Self.entry(.finishing, .completed, "all steps are done", job: child)
        let context = "ctx-\(child.uuid.suffix(8))"
        let head = "2025-12-10 17:01:09,184"
        let manager = "[o.a.c.f.j.i.AsyncJobManagerImpl]"
        let text =
            "Complete async job-62, jobStatus: SUCCEEDED, resultCode: 0, result: all steps are done"
        #expect(
            Self.line(.cloudstack, end, child)
                == "\(head) DEBUG \(manager) (Work-Job-Executor-13:[\(context), job-61/job-62]) "
                + "(logid:599b0554) \(text)"
        )
        #expect(
            Self.line(.cloudstack419, end, child)
                == "\(head) DEBUG \(manager) (Work-Job-Executor-13:\(context) job-61/job-62) "
                + "(logid:599b0554) \(text)"
        )
        let begin = Self.entry(.queued, .running, job: root)
        let task = "[storage.TaskManager.Task] (Task='\(root.uuid)')"
        #expect(
            OlderLog.vdsm.lines(begin, of: root, root: root.uuid)
                == [
                    "\(head)+0000 INFO  (tasks/1) \(task) moving from state queued -> state "
                        + "running (task:1)"
                ]
        )
        #expect(OlderLog.vdsm.lines(end, of: child, root: Self.root).count == 2)
    }
}
