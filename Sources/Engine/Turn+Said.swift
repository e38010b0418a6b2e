import Model
import Store

/// What operations say on their way, and what an undo is told of it.
extension Turn {
    /// How many lines one news item may add to a job's log; a backend that has more says it in
    /// several.
    static let saidLimit = 500
    /// How many results a job keeps.
    static let resultLimit = 200

    /// Takes lines into the job's log, and results into what the job gives back.
    func say(_ entry: Entry, _ lines: [LogText], _ results: [String: String]) {
        for line in lines.prefix(Self.saidLimit) { log(entry, line.level, line.text) }
        if lines.count > Self.saidLimit {
            log(entry, .warning, "\(lines.count - Self.saidLimit) lines more were left out")
        }
        keep(entry, results)
    }

    /// Keeps what an operation gave back.
    func keep(_ entry: Entry, _ results: [String: String]) {
        guard !results.isEmpty else { return }
        let texts = SecretMask.masked(texts: results)
        for (name, value) in texts.sorted(by: { $0.key < $1.key }) {
            let isNew = entry.stored.extra.results[name] == nil
            if isNew && entry.stored.extra.results.count >= Self.resultLimit { continue }
            entry.stored.extra.results[name] = value
        }
        entry.isDirty = true
    }

    /// Has the job end as a warning, and says why.
    func warn(_ entry: Entry, _ text: String) {
        entry.stored.hasWarning = true
        entry.job.message = text
        entry.stored.extra.warning = text
        log(entry, .warning, text)
        entry.isDirty = true
    }
}

extension Operation {
    /// The parameter of an undo that is to be told what the job gave back: `withResults=true`.
    package static let wantsResults = "withResults"

    /// The operation with the job's results among its parameters, as `result.NAME`, if it asks for
    /// them.
    func told(_ results: [String: String]) -> Operation {
        guard parameters[Self.wantsResults] == "true", !results.isEmpty else { return self }
        var operation = self
        for (name, value) in results { operation.parameters["result." + name] = value }
        return operation
    }
}
