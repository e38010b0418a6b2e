/// What one task does, settled when it begins: the call's names looked up, its choices made.
struct Work: Codable, Sendable {
    var verb: Verb
    var vm: String?
    var disk: String?
    /// The host it acts on, or has chosen.
    var host: String?
    /// What no other task may touch meanwhile, such as `vm/web-1` and `disk/web-1-root`.
    var holds: [String] = []
    /// Whether there is nothing to do: it is done at once and changes nothing.
    var isInert = false
    /// The fault it is going to fail with, and how far it gets before.
    var failure: Fault?
    var failsAt = 100
    /// How far it gets before it hangs.
    var stallsAt: Int?
    /// Whether it chose a host that it must leave again if it fails.
    var isPlaced = false
    /// Looked-up parameters, by their keys.
    var values: [String: String] = [:]

    init(_ verb: Verb, vm: String? = nil, host: String? = nil) {
        self.verb = verb
        self.vm = vm
        self.host = host
        if let vm { holds = ["vm/\(vm)"] }
    }

    /// The same work when there is nothing to do.
    func inert(yielding values: [String: String] = [:]) -> Work {
        var work = self
        work.isInert = true
        work.holds = []
        work.values.merge(values) { _, new in new }
        return work
    }

    /// The same work when it cannot come to anything.
    func failing(_ fault: Fault) -> Work {
        var work = inert()
        work.failure = fault
        work.failsAt = 5
        return work
    }

    /// A number among the looked-up parameters.
    func number(_ key: String) -> Int { values[key].flatMap { Int($0) } ?? 0 }

    /// What the task yields when it is done.
    var result: [String: String] {
        var result: [String: String] = [:]
        for key in VerbCatalogue[verb].results {
            switch key {
            case "host": result[key] = values["destination"] ?? host
            case "disk": result[key] = disk
            default: result[key] = values[key]
            }
        }
        return result
    }
}

/// Which task holds something.
struct Hold: Sendable {
    var task: String
    var verb: Verb
}
