package import Model

/// A list of jobs that are done as one, as its submitter writes it.
///
/// As JSON: `{"name": …, "onFailure": "stop", "concurrency": 1, "jobs": […]}`, where a job is
/// `"vm.start web-1"`, `{"kind": …, "target": …, "parameters": {…}, "weight": …}`, or again such a
/// list: a group.
package struct SequenceSpec: Hashable, Sendable {
    /// One place in the list.
    package enum Item: Hashable, Sendable {
        /// A job.
        case job(ChildSpec)
        /// A list of jobs that stands for one.
        case group(SequenceSpec)
    }

    /// What becomes of the remaining jobs when one fails.
    package enum OnFailure: String, CaseIterable, Sendable {
        /// Those that have not begun are stopped; then the sequence fails.
        case stop
        /// They are still attempted; then the sequence fails.
        case `continue`
        /// They are still attempted; the sequence ends as a warning unless all failed.
        case warn

        /// The same as the engine says it.
        var policy: FailurePolicy {
            switch self {
            case .stop: .stop
            case .continue: .fail
            case .warn: .warn
            }
        }
    }

    /// What it does, in the submitter's words; may be empty.
    package var name = ""
    /// The jobs, in order.
    package var items: [Item]
    /// How many may be unfinished at once; 1 is one after the other.
    package var concurrency = 1
    /// What becomes of the remaining jobs when one fails.
    package var onFailure = OnFailure.stop

    /// A list with what is usual.
    package init(_ items: [Item]) { self.items = items }

    /// How many jobs it has, those of its groups included.
    package var count: Int {
        items.reduce(0) { sum, item in
            if case .group(let group) = item { sum + group.count } else { sum + 1 }
        }
    }

    /// What it does, in words.
    var summary: String {
        if !name.isEmpty { return name }
        let jobs = count == 1 ? "1 job" : "\(count) jobs"
        if concurrency == 1 { return "Run \(jobs), one after the other" }
        return "Run \(jobs), at most \(concurrency) at once"
    }

    /// The same as parameters of the kind `sequence`.
    package var parameters: [String: String] {
        var parameters = [
            "jobs": JSONValue.array(items.map(\.json)).text,
            "onFailure": onFailure.rawValue,
            "concurrency": "\(concurrency)",
        ]
        if !name.isEmpty { parameters["name"] = name }
        return parameters
    }
}

extension SequenceSpec.Item {
    /// The place as JSON.
    var json: JSONValue {
        switch self {
        case .job(let job):
            var members = [
                JSONValue.Member("kind", .string(job.kind)),
                JSONValue.Member("target", .string(job.target.description)),
            ]
            if !job.parameters.isEmpty {
                members.append(JSONValue.Member("parameters", JSONValue(job.parameters)))
            }
            if job.weight != 1 { members.append(JSONValue.Member("weight", JSONValue(job.weight))) }
            return .object(members)
        case .group(let group):
            var members = [
                JSONValue.Member("onFailure", .string(group.onFailure.rawValue)),
                JSONValue.Member("concurrency", JSONValue(group.concurrency)),
                JSONValue.Member("jobs", .array(group.items.map(\.json))),
            ]
            if !group.name.isEmpty {
                members.insert(JSONValue.Member("name", .string(group.name)), at: 0)
            }
            return .object(members)
        }
    }
}
