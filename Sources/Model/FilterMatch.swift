extension Filter {
    /// Whether the filter means this job, with ages taken at `now`.
    ///
    /// The store's SQL says exactly the same. Every part is either true or false: a text field that
    /// a job does not have is the empty text, and a number that it does not have is 0 (the parent
    /// of a root, the duration of a job that never began). Text is compared without regard to the
    /// case of ASCII letters; a pattern must fit the whole field, a word may stand anywhere in one.
    package func matches(_ job: Job, at now: Timestamp) -> Bool {
        switch self {
        case .all: true
        case .and(let parts): parts.allSatisfy { $0.matches(job, at: now) }
        case .or(let parts): parts.contains { $0.matches(job, at: now) }
        case .not(let inner): !inner.matches(job, at: now)
        case .states(let states): states.contains(job.state)
        case .field(let field, let pattern):
            field.texts(of: job).contains { TextPattern.fits($0, pattern) }
        case .number(let field, let comparison, let number):
            comparison.holds(field.value(of: job, at: now), number)
        case .word(let word):
            Self.wordTexts(of: job).contains { TextPattern.contains($0, word) }
        }
    }

    /// The texts that a free word is looked for in.
    private static func wordTexts(of job: Job) -> [String] {
        [
            job.kind, job.target.description, job.user, job.message, job.lane,
            job.id.description,
        ]
    }
}

extension Filter.Field {
    /// What a pattern for this field is held against; one that fits is enough.
    package func texts(of job: Job) -> [String] {
        switch self {
        case .kind: [job.kind]
        case .target: [job.target.name, job.target.description]
        case .user: [job.user]
        case .account: [job.account]
        case .lane: [job.lane]
        case .message: [job.message]
        case .uuid: [job.uuid]
        case .schedule: [job.schedule ?? ""]
        case .cause: [job.cause.rawValue]
        case .rollback: [job.rollback.rawValue]
        case .backend: [job.backend.rawValue]
        case .waiting: [job.waiting?.reason.rawValue ?? ""]
        case .attention: [job.attention.rawValue]
        }
    }
}

extension Filter.NumberField {
    /// The number that is compared; 0 where the job has none.
    package func value(of job: Job, at now: Timestamp) -> Int64 {
        switch self {
        case .id: job.id.number
        case .parent: job.parentID?.number ?? 0
        case .root: job.rootID.number
        case .priority: Int64(job.priority)
        case .progress: Int64(job.progress)
        case .attempt: Int64(job.attempt)
        case .age: job.age(at: now)
        case .duration: job.startedAt.map { (job.finishedAt ?? now) - $0 } ?? 0
        case .pinned: job.pin == nil ? 0 : 1
        case .archived: job.archivedAt == nil ? 0 : 1
        case .internal: job.isInternal ? 1 : 0
        }
    }
}

extension Filter.Comparison {
    /// Whether `left` compares so with `right`.
    package func holds(_ left: Int64, _ right: Int64) -> Bool {
        switch self {
        case .less: left < right
        case .lessOrEqual: left <= right
        case .equal: left == right
        case .greaterOrEqual: left >= right
        case .greater: left > right
        }
    }
}

/// Comparing text as SQL's `LIKE` does: the case of ASCII letters does not matter.
package enum TextPattern {
    /// Whether the whole text fits the pattern, in which `*` stands for any characters or none.
    package static func fits(_ text: String, _ pattern: String) -> Bool {
        let text = folded(text)
        let pattern = folded(pattern)
        var place = 0
        var wanted = 0
        var star = -1
        var retry = 0
        while place < text.count {
            if wanted < pattern.count, pattern[wanted] == asterisk {
                star = wanted
                retry = place
                wanted += 1
            } else if wanted < pattern.count, pattern[wanted] == text[place] {
                wanted += 1
                place += 1
            } else if star >= 0 {
                retry += 1
                place = retry
                wanted = star + 1
            } else {
                return false
            }
        }
        return pattern[wanted...].allSatisfy { $0 == asterisk }
    }

    /// Whether the word stands anywhere in the text; the empty word stands in every text.
    package static func contains(_ text: String, _ word: String) -> Bool {
        let text = folded(text)
        let word = folded(word)
        guard !word.isEmpty else { return true }
        guard word.count <= text.count else { return false }
        return (0...(text.count - word.count)).contains { start in
            text[start] == word[0] && text[start..<(start + word.count)] == word[...]
        }
    }

    private static let asterisk = UInt8(ascii: "*")

    private static func folded(_ text: String) -> [UInt8] {
        text.utf8.map { byte in
            (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
        }
    }
}
