package import Model

/// Reading a sequence from JSON, strictly: what is not known is a failure that says where it is.
extension SequenceSpec {
    /// Reads a whole sequence: an object with `jobs`, or the bare list.
    package init(_ value: JSONValue) throws(Failure) {
        try self.init(value, at: "", depth: 0, inherited: .stop)
        let count = count
        guard count <= SubmissionLimits.sequence else {
            throw .validation(
                "a sequence can have at most \(SubmissionLimits.sequence) jobs, not \(count); "
                    + "submit several, one --after the other"
            )
        }
    }

    private init(
        _ value: JSONValue,
        at path: String,
        depth: Int,
        inherited: OnFailure
    ) throws(Failure) {
        guard depth < SubmissionLimits.sequenceDepth else {
            throw Place(path).wrong(
                "groups can stand in each other \(SubmissionLimits.sequenceDepth) deep"
            )
        }
        let place = Place(path)
        var list = value
        self.init([])
        onFailure = inherited
        if case .object = value {
            let fields = try place.fields(of: value, known: Self.keys)
            guard let jobs = fields["jobs"] else { throw place.wrong("“jobs” is missing") }
            list = jobs
            name = try place.text(fields, "name") ?? ""
            concurrency = try place.number(fields, "concurrency", 1...1000) ?? 1
            if let word = try place.text(fields, "onFailure") {
                onFailure = try place.onFailure(word)
            }
        }
        let inner = place.inner("jobs")
        guard case .array(let elements) = list else {
            throw inner.wrong("there must be a list of jobs here")
        }
        guard !elements.isEmpty else { throw inner.wrong("there must be at least one job") }
        for (number, element) in elements.enumerated() {
            items.append(
                try Self.item(element, Place("\(inner.path)[\(number)]"), depth, onFailure)
            )
        }
    }

    private static let keys = ["name", "jobs", "concurrency", "onFailure"]
    private static let jobKeys = ["kind", "target", "parameters", "weight"]

    private static func item(
        _ value: JSONValue,
        _ place: Place,
        _ depth: Int,
        _ inherited: OnFailure
    ) throws(Failure) -> Item {
        switch value {
        case .string(let words): return .job(try short(words, place))
        case .array:
            return .group(
                try SequenceSpec(value, at: place.path, depth: depth + 1, inherited: inherited)
            )
        case .object(let members) where members.contains { $0.key == "jobs" }:
            return .group(
                try SequenceSpec(value, at: place.path, depth: depth + 1, inherited: inherited)
            )
        case .object: return .job(try job(value, place))
        default: throw place.wrong("a job is “vm.start web-1”, or kind: and target:, or jobs:")
        }
    }

    /// A job in two words: `vm.start web-1`.
    private static func short(_ text: String, _ place: Place) throws(Failure) -> ChildSpec {
        let words = text.split(separator: " ").map(String.init)
        guard (1...2).contains(words.count) else {
            throw place.wrong("“\(text)” is no job; write “vm.start web-1”, or kind: and target:")
        }
        return ChildSpec(words[0], Target(words.count == 2 ? words[1] : "", defaultType: ""))
    }

    private static func job(_ value: JSONValue, _ place: Place) throws(Failure) -> ChildSpec {
        let fields = try place.fields(of: value, known: jobKeys)
        guard let kind = try place.text(fields, "kind"), !kind.isEmpty else {
            throw place.wrong("“kind” is missing")
        }
        let target = try place.text(fields, "target") ?? ""
        return ChildSpec(
            kind,
            Target(target, defaultType: ""),
            parameters: try place.texts(fields, "parameters"),
            weight: try place.number(fields, "weight", 1...1_000_000) ?? 1
        )
    }
}

/// One place in a JSON document, for reading it strictly.
package struct Place: Hashable, Sendable {
    /// The place in words: `jobs[2].parameters`; empty for the whole.
    package let path: String

    /// A place of that name.
    package init(_ path: String) { self.path = path }

    /// A place within this one.
    package func inner(_ name: String) -> Place {
        Place(path.isEmpty ? name : path + "." + name)
    }

    /// A failure that names the place.
    package func wrong(_ text: String) -> Failure {
        .validation(path.isEmpty ? text : "\(path): \(text)")
    }

    /// The fields of an object that may have no others than these.
    package func fields(
        of value: JSONValue,
        known: [String]
    ) throws(Failure) -> [String: JSONValue] {
        guard case .object(let members) = value else {
            throw wrong("there must be names with values here")
        }
        var fields: [String: JSONValue] = [:]
        for member in members {
            guard known.contains(member.key) else {
                let list = known.joined(separator: ", ")
                throw wrong("“\(member.key)” is not known here; allowed: \(list)")
            }
            guard fields.updateValue(member.value, forKey: member.key) == nil else {
                throw wrong("“\(member.key)” stands twice")
            }
        }
        return fields
    }

    /// A text, as which numbers and words count too; nil if it is not there.
    package func text(_ fields: [String: JSONValue], _ name: String) throws(Failure) -> String? {
        guard let value = fields[name], value != .null else { return nil }
        return try inner(name).text(value)
    }

    private func text(_ value: JSONValue) throws(Failure) -> String {
        switch value {
        case .string(let text), .number(let text): return text
        case .bool(let flag): return flag ? "true" : "false"
        default: throw wrong("there must be plain text here")
        }
    }

    /// A whole number within bounds; nil if it is not there.
    package func number(
        _ fields: [String: JSONValue],
        _ name: String,
        _ range: ClosedRange<Int>
    ) throws(Failure) -> Int? {
        guard let text = try text(fields, name) else { return nil }
        guard let value = Int(text), range.contains(value) else {
            throw inner(name).wrong(
                "“\(text)” is not a whole number from \(range.lowerBound) to \(range.upperBound)"
            )
        }
        return value
    }

    /// Texts by name; none if they are not there.
    package func texts(
        _ fields: [String: JSONValue],
        _ name: String
    ) throws(Failure) -> [String: String] {
        guard let value = fields[name], value != .null else { return [:] }
        let place = inner(name)
        guard case .object(let members) = value else {
            throw place.wrong("there must be names with values here (name: value)")
        }
        var texts: [String: String] = [:]
        for member in members {
            texts[member.key] = try place.inner(member.key).text(member.value)
        }
        return texts
    }

    /// What a word says about failures.
    package func onFailure(_ word: String) throws(Failure) -> SequenceSpec.OnFailure {
        if let known = SequenceSpec.OnFailure(rawValue: word) { return known }
        let words = SequenceSpec.OnFailure.allCases.map(\.rawValue).joined(separator: ", ")
        throw inner("onFailure").wrong("“\(word)” is none of \(words)")
    }
}
