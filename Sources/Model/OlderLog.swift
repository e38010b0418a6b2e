/// The journal in the log formats of older systems, for tools that read their logs.
package enum OlderLog: String, CaseIterable, Sendable {
    /// CloudStack from 4.20 on.
    case cloudstack = "cloudstack-log"
    /// CloudStack up to 4.19, which writes its contexts without brackets.
    case cloudstack419 = "cloudstack-log-4.19"
    /// VDSM's tasks.
    case vdsm = "vdsm-log"

    /// One line of the journal as lines of that log, without line ends; times are in UTC.
    ///
    /// `root` is the UUID of the oldest ancestor: CloudStack's logid is made of it.
    package func lines(_ entry: JournalEntry, of job: Job, root: String) -> [String] {
        switch self {
        case .cloudstack, .cloudstack419:
            let (level, text) = Self.cloudstackText(entry, job)
            return [
                "\(Self.time(entry.at)) \(Self.padded(level)) "
                    + "[o.a.c.f.j.i.AsyncJobManagerImpl] (\(context(of: job))) "
                    + "(logid:\(root.prefix(8))) \(Self.flat(text))"
            ]
        case .vdsm:
            return Self.vdsmTexts(entry, job).map { text in
                "\(Self.time(entry.at))+0000 INFO  (tasks/\(job.id.number % 10)) "
                    + "[storage.TaskManager.Task] (Task='\(job.uuid)') \(Self.flat(text)) (task:1)"
            }
        }
    }

    /// The executor and what CloudStack's nested contexts say: `job-61/job-62` for a child.
    private func context(of job: Job) -> String {
        let context = "ctx-\(job.uuid.suffix(8))"
        let isChild = job.parentID != nil
        let jobs = isChild ? "\(job.rootID)/\(job.id)" : job.id.description
        let executor = "\(isChild ? "Work" : "API")-Job-Executor-\(job.id.number % 50 + 1)"
        return self == .cloudstack
            ? "\(executor):[\(context), \(jobs)]" : "\(executor):\(context) \(jobs)"
    }

    // MARK: Texts

    private static func cloudstackText(_ entry: JournalEntry, _ job: Job) -> (String, String) {
        let id = job.id
        guard let from = entry.from else {
            return ("INFO", "submit async \(id), details: \(order(job))")
        }
        let why = "\(entry.cause) (by \(entry.actor))"
        guard from != entry.to else { return ("INFO", "\(id): \(why)") }
        var then = job
        then.state = entry.to
        if entry.to.isTerminal {
            let words = Vocabulary(of: then).cloudstack
            return (
                "DEBUG",
                "Complete async \(id), jobStatus: \(words.name), resultCode: \(words.resultCode), "
                    + "result: \(entry.cause)"
            )
        }
        if from == .queued, entry.to == .running { return ("DEBUG", "Executing \(order(job))") }
        return ("DEBUG", "\(id) moves from \(from.rawValue) to \(entry.to.rawValue): \(why)")
    }

    private static func order(_ job: Job) -> String {
        let object = JSONValue.object(of: [
            "cmd": JSONValue(job.kind), "id": JSONValue(job.id),
            "instanceType": JSONValue(job.target.type), "instanceId": JSONValue(job.target.name),
            "uuid": JSONValue(job.uuid),
        ])
        return "AsyncJob \(object.text)"
    }

    private static func vdsmTexts(_ entry: JournalEntry, _ job: Job) -> [String] {
        guard let from = entry.from else {
            return ["START task \(job.uuid) (cmd=\(job.kind) \(job.target))"]
        }
        guard from != entry.to else { return ["\(entry.cause) (by \(entry.actor))"] }
        var (before, after) = (job, job)
        before.state = from
        after.state = entry.to
        let words = [before, after].map { Vocabulary(of: $0).ovirt.vdsmState }
        let move = "moving from state \(words[0]) -> state \(words[1])"
        return entry.to.isTerminal ? [move, "FINISH task \(job.uuid)"] : [move]
    }

    // MARK: Parts

    /// `2025-12-10 17:01:09,184`.
    private static func time(_ moment: Timestamp) -> String {
        let text = String(moment.description.dropLast())
        return text.replacing("T", with: " ").replacing(".", with: ",")
    }

    private static func padded(_ level: String) -> String { level.count < 5 ? level + " " : level }

    /// One line without what looks like a secret: a record ends where its line does.
    private static func flat(_ text: String) -> String {
        SecretMask.masked(text).split {
            $0.isNewline || $0.unicodeScalars.contains { $0.value < 32 }
        }
        .joined(separator: " ")
    }
}
