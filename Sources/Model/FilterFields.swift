/// One field of the filter language, for the parser, the help and the completion.
package struct FilterField: Hashable, Sendable {
    /// What the field's values are.
    package enum Kind: Hashable, Sendable {
        /// States, by name or pattern.
        case states
        /// A pattern for a text field; `prefix` stands before what is written.
        case text(Filter.Field, prefix: String)
        /// A whole number.
        case number(Filter.NumberField)
        /// A job's number, with or without `job-`.
        case job(Filter.NumberField)
        /// A length of time.
        case span(Filter.NumberField)
        /// A word that stands for a longer filter.
        case isWord
    }

    /// Its name, before the colon.
    package let name: String
    /// What its values are.
    package let kind: Kind
    /// A line of help.
    package let help: String
    /// An example of its use.
    package let example: String
    /// Every value it can have; empty if there is no such list.
    package let values: [String]

    init(_ name: String, _ kind: Kind, _ example: String, _ help: String, values: [String] = []) {
        self.name = name
        self.kind = kind
        self.example = example
        self.help = help
        self.values = values
    }
}

/// The fields of the filter language.
package enum FilterFields {
    /// Every field, in the order of the help.
    package static let all: [FilterField] = [
        FilterField(
            "state",
            .states,
            "state:failed,aborted",
            "where the job stands; several with commas",
            values: JobState.allCases.map(\.rawValue)
        ),
        FilterField(
            "is",
            .isWord,
            "is:stuck",
            "a group of states and waits",
            values: FilterWord.allCases.map(\.rawValue)
        ),
        FilterField("kind", .text(.kind, prefix: ""), "kind:vm.*", "what the job does"),
        FilterField(
            "target",
            .text(.target, prefix: ""),
            "target:web-1",
            "what it acts on: the name, or the type and the name (vm/web-1)"
        ),
        FilterField("user", .text(.user, prefix: ""), "user:alice", "who submitted it"),
        FilterField("account", .text(.account, prefix: ""), "account:dev", "on whose account"),
        FilterField("host", .text(.lane, prefix: "host/"), "host:kvm-a01", "the host it runs on"),
        FilterField("lane", .text(.lane, prefix: ""), "lane:control", "the lane of its next step"),
        FilterField(
            "message",
            .text(.message, prefix: ""),
            "message:*capacity*",
            "the newest word from its steps, or its error"
        ),
        FilterField(
            "uuid",
            .text(.uuid, prefix: ""),
            "uuid:6f9619ff-*",
            "its public name"
        ),
        FilterField(
            "schedule",
            .text(.schedule, prefix: ""),
            "schedule:nightly*",
            "the schedule that made it; schedule:\"\" is none"
        ),
        FilterField(
            "cause",
            .text(.cause, prefix: ""),
            "cause:timeout",
            "why it left its good path",
            values: Cause.allCases.map(\.rawValue)
        ),
        FilterField(
            "rollback",
            .text(.rollback, prefix: ""),
            "rollback:dirty",
            "what came of undoing its work",
            values: RollbackOutcome.allCases.map(\.rawValue)
        ),
        FilterField(
            "backend",
            .text(.backend, prefix: ""),
            "backend:unknown",
            "what is known of its newest operation",
            values: BackendStatus.allCases.map(\.rawValue)
        ),
        FilterField(
            "waiting",
            .text(.waiting, prefix: ""),
            "waiting:lock",
            "what it waits for; waiting:\"\" is nothing",
            values: Waiting.Reason.allCases.map(\.rawValue)
        ),
        FilterField(
            "attention",
            .text(.attention, prefix: ""),
            "attention:open",
            "whether somebody has to know of it, and does; is:unacked is the same as open",
            values: Attention.allCases.map(\.rawValue)
        ),
        FilterField("id", .job(.id), "id:5948", "its number; job-5948 means the same"),
        FilterField("parent", .job(.parent), "parent:12", "the job that made it; 0 for none"),
        FilterField("root", .job(.root), "root:12", "the oldest ancestor: a whole tree"),
        FilterField("priority", .number(.priority), "priority>5", "larger is sooner"),
        FilterField("progress", .number(.progress), "progress<50", "how much is done, 0 to 100"),
        FilterField("attempt", .number(.attempt), "attempt>1", "which attempt it is"),
        FilterField("age", .span(.age), "age>5m", "time since it was accepted, until its end"),
        FilterField(
            "duration",
            .span(.duration),
            "duration>90s",
            "time since it was first at work, until its end; 0 if it never was"
        ),
        FilterField("pinned", .number(.pinned), "pinned:1", "1 if somebody pinned it, else 0"),
        FilterField("archived", .number(.archived), "archived:1", "1 if it is archived, else 0"),
        FilterField(
            "internal",
            .number(.internal),
            "internal:1",
            "1 if it keeps house and nobody submitted it, else 0; internal>=0 is every job"
        ),
    ]

    private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

    /// The field with that name, in any case; nil if there is none.
    package static func named(_ name: String) -> FilterField? { byName[name.lowercased()] }

    /// What the last term of a text may become: field names with a colon, or values.
    ///
    /// Each is the whole term with its end filled in, to be put in the place of the last term.
    package static func completions(of text: String) -> [String] {
        let isBoundary: (Character) -> Bool = { $0.isWhitespace || $0 == "(" || $0 == "|" }
        let start = text.lastIndex(where: isBoundary).map { text.index(after: $0) }
        let term = String(text[(start ?? text.startIndex)...])
        let sign = String(term.prefix { $0 == "-" || $0 == "!" })
        let body = term.dropFirst(sign.count)
        guard let colon = body.firstIndex(of: ":") else {
            guard !body.isEmpty else { return [] }
            let names = all.map(\.name).filter { $0.hasPrefix(body.lowercased()) }
            return names.map { sign + $0 + ":" }
        }
        let listEnd = body[colon...].lastIndex(of: ",") ?? colon
        let begun = body[body.index(after: listEnd)...].lowercased()
        let values = named(String(body[..<colon]))?.values ?? []
        return values.filter { $0.lowercased().hasPrefix(begun) }
            .map { sign + body[...listEnd] + $0 }
    }

    /// The names nearest to a wrong one, nearest first; at most three.
    static func nearest(to wrong: String, among names: [String]) -> [String] {
        let wanted = wrong.lowercased()
        let measured = names.map { name in
            let isPrefix =
                name.lowercased().hasPrefix(wanted) || wanted.hasPrefix(name.lowercased())
            return (name, isPrefix ? 0 : distance(wanted, name.lowercased()))
        }
        let near = measured.filter { $0.1 <= max(1, min(3, wanted.count / 2)) }
        return near.sorted { $0.1 < $1.1 }.prefix(3).map(\.0)
    }

    /// How many letters must be changed, added or left out to make one word of the other.
    private static func distance(_ left: String, _ right: String) -> Int {
        let other = Array(right.prefix(40))
        var row = Array(0...other.count)
        for (line, letter) in left.prefix(40).enumerated() {
            var diagonal = row[0]
            row[0] = line + 1
            for column in other.indices {
                let change = diagonal + (other[column] == letter ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(change, row[column] + 1, diagonal + 1)
            }
        }
        return row[other.count]
    }
}
