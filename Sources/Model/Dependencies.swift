/// What becomes of a job if one that it comes after does not complete.
package enum AfterFailure: String, CaseIterable, Codable, Sendable {
    /// It fails too; what is usual.
    case fail
    /// It ends without having run, as aborted.
    case skip
    /// It runs all the same, once all of them have ended.
    case run
}

/// A job that another one comes after, or that comes after another one.
package struct JobLink: Hashable, Sendable {
    /// Its number.
    package var id: JobID
    /// What it does.
    package var kind: String
    /// What it acts on.
    package var target: Target
    /// Where it stands.
    package var state: JobState

    /// A link with all its parts.
    package init(id: JobID, kind: String, target: Target, state: JobState) {
        self.id = id
        self.kind = kind
        self.target = target
        self.state = state
    }

    /// The job in words: `job-12 (vm.start vm/web-1)`.
    package var name: String { Self.name(id, kind, target) }

    /// A job in words, of its parts.
    package static func name(_ id: JobID, _ kind: String, _ target: Target) -> String {
        "\(id) (\(kind)\(target == .none ? "" : " \(target)"))"
    }
}

/// How urgent jobs are: larger is sooner, 0 is usual.
package enum Priority {
    /// What may be asked for.
    package static let range = -1000...1000

    /// Why a priority makes no sense; nil if it does.
    package static func refusal(_ priority: Int) -> String? {
        range.contains(priority)
            ? nil
            : "a priority is a whole number from \(range.lowerBound) to \(range.upperBound), "
                + "not \(priority)"
    }
}

/// The bounds of what a submission may name.
package enum SubmissionLimits {
    /// How many jobs a job may come after.
    package static let prerequisites = 1000
    /// How many jobs one sequence may have, those of its groups included.
    package static let sequence = 1000
    /// How deep groups may stand in each other.
    package static let sequenceDepth = 8
    /// How many orders may be submitted at once.
    package static let orders = 10_000
    /// The longest key, in bytes.
    package static let keyBytes = 500
}

extension RecordJSON {
    /// A job that another one comes after, or the other way round.
    package static func object(_ link: JobLink) -> JSONValue {
        .object(of: [
            "id": JSONValue(link.id),
            "kind": JSONValue(link.kind),
            "target": JSONValue(link.target == .none ? nil : link.target.description),
            "state": JSONValue(link.state.rawValue),
        ])
    }
}
