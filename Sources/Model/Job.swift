/// A job's number.
///
/// Numbers only grow and are never used twice.
package struct JobID: Hashable, Comparable, Codable, Sendable, CustomStringConvertible {
    /// The number itself.
    package let number: Int64

    /// The job with that number.
    package init(_ number: Int64) { self.number = number }

    /// Decodes a plain number.
    package init(from decoder: any Decoder) throws {
        number = try decoder.singleValueContainer().decode(Int64.self)
    }

    /// Encodes a plain number.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(number)
    }

    /// The name people and logs use: `job-5948`.
    package var description: String { "job-\(number)" }

    /// Whether the left job was accepted first.
    package static func < (left: JobID, right: JobID) -> Bool { left.number < right.number }
}

/// How a person or a script names a job: `5948`, `job-5948` or its UUID.
package enum JobReference: Hashable, Sendable {
    /// By number.
    case id(JobID)
    /// By UUID, in lower case.
    case uuid(String)

    /// Reads a reference; nil if the text is neither a number nor a UUID.
    package init?(_ text: String) {
        let plain = text.lowercased().hasPrefix("job-") ? String(text.dropFirst(4)) : text
        if let number = Int64(plain), number > 0 {
            self = .id(JobID(number))
        } else if plain.count == 36, plain.allSatisfy({ $0.isHexDigit || $0 == "-" }) {
            self = .uuid(plain.lowercased())
        } else {
            return nil
        }
    }
}

/// What a job acts on: `vm/web-1`.
package struct Target: Hashable, Codable, Sendable, CustomStringConvertible {
    /// The type: `vm`, `host`, `repository`; empty if the job acts on nothing in particular.
    package var type: String
    /// The name within the type.
    package var name: String

    /// A target of that type and name.
    package init(type: String, name: String) {
        self.type = type
        self.name = name
    }

    /// Nothing in particular.
    package static let none = Target(type: "", name: "")

    /// Reads `vm/web-1`; a bare name is taken as of `defaultType`.
    package init(_ text: String, defaultType: String = "vm") {
        if text.isEmpty {
            self = .none
            return
        }
        let parts = text.split(separator: "/", maxSplits: 1).map(String.init)
        self =
            parts.count == 2
            ? Target(type: parts[0], name: parts[1]) : Target(type: defaultType, name: text)
    }

    /// The resource's name in locks and logs: `vm/web-1`; empty for none.
    package var description: String { type.isEmpty ? name : "\(type)/\(name)" }
}

/// One job as everybody outside the engine sees it.
package struct Job: Hashable, Sendable {
    /// Its number.
    package var id: JobID
    /// Its public UUID, in lower case.
    package var uuid: String
    /// The job that made it; nil for a root.
    package var parentID: JobID?
    /// The oldest ancestor; itself for a root.
    package var rootID: JobID
    /// What it does: `vm.start`.
    package var kind: String
    /// What it acts on.
    package var target: Target
    /// Where it stands.
    package var state: JobState
    /// How much is done, 0 to 100; never goes back.
    package var progress: Int = 0
    /// What it waits for, if it is not at work.
    package var waiting: Waiting?
    /// Why it left its good path.
    package var cause: Cause = .none
    /// What came of undoing its work.
    package var rollback: RollbackOutcome = .notNeeded
    /// What is known of its newest operation.
    package var backend: BackendStatus = .none
    /// The structured result; nil until there is one.
    package var code: ResultCode?
    /// The newest word from its steps, or the error it ended with.
    package var message: String = ""
    /// What it gave back, as JSON text; nil if nothing.
    package var result: String?
    /// Who submitted it.
    package var user: String
    /// On whose account it counts.
    package var account: String
    /// Larger is sooner; 0 is usual.
    package var priority: Int = 0
    /// The lane its current or next step belongs to: `host/kvm-a01`.
    package var lane: String = ""
    /// Which attempt of the same work this is, counted from 1.
    package var attempt: Int = 1
    /// The job that this one tries again; nil for a first attempt.
    package var retryOf: JobID?
    /// The claim token: grows with each claim; older ones are refused.
    package var fence: Int64 = 0
    /// The schedule that made it; nil for all other jobs and for children.
    package var schedule: String?
    /// When it was accepted.
    package var createdAt: Timestamp
    /// Not before this moment; nil for at once.
    package var dueAt: Timestamp?
    /// When it was first claimed; nil if never.
    package var startedAt: Timestamp?
    /// When it ended.
    package var finishedAt: Timestamp?
    /// The newest moment at which it moved or made progress.
    package var updatedAt: Timestamp
    /// The stop that was asked, if any.
    package var stop: StopRequest?
    /// How many children it has.
    package var childCount: Int = 0
    /// Whether somebody has to know of it, and does.
    package var attention: Attention = .none
    /// When the engine looks at it again by itself: its due time, a retry, a limit, a question;
    /// nil if only news can move it.
    package var wakesAt: Timestamp?
    /// What keeps it and its tree where they are; nil if retention may move them.
    package var pin: Pin?
    /// When it was moved to the archive; nil while it is among the others.
    package var archivedAt: Timestamp?

    /// A job with what is known when it is accepted; the rest has its initial value.
    package init(
        id: JobID,
        uuid: String,
        parentID: JobID? = nil,
        rootID: JobID? = nil,
        kind: String,
        target: Target,
        state: JobState = .pending,
        user: String,
        account: String = "",
        createdAt: Timestamp
    ) {
        self.id = id
        self.uuid = uuid
        self.parentID = parentID
        self.rootID = rootID ?? id
        self.kind = kind
        self.target = target
        self.state = state
        self.user = user
        self.account = account
        self.createdAt = createdAt
        updatedAt = createdAt
    }

    /// Whether it is at work, or would be, but nothing has moved for that many milliseconds.
    package func isStalled(at now: Timestamp, after milliseconds: Int64) -> Bool {
        guard state == .running || state == .finishing || state == .cancelling else { return false }
        return now - updatedAt >= milliseconds
    }

    /// Milliseconds since it was accepted, or from then to its end.
    package func age(at now: Timestamp) -> Int64 { (finishedAt ?? now) - createdAt }
}
