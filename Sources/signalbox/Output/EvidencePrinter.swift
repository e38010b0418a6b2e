import Model

/// Shows evidence as plain text.
struct EvidencePrinter {
    let paper: Paper
    let now: Timestamp

    /// Prints the chain, the operation, what the backend says, and what can be done.
    func show(_ evidence: Evidence) {
        if evidence.chain.count > 1 { chain(evidence.chain) }
        if let operation = evidence.operation { show(operation, evidence.backend) }
        guard !evidence.remedies.isEmpty else { return }
        heading("what can be done, the safest first")
        for (place, remedy) in evidence.remedies.enumerated() {
            let number = "\(place + 1)"
            let gap = String(repeating: " ", count: max(1, 3 - number.count))
            StandardOutput.line("  \(number)\(gap)\(paper.safe(remedy.command))")
            StandardOutput.line(paper.tinted("     \(paper.safe(remedy.effect))", .faint))
        }
    }

    /// Prints an operation and what the backend says of it.
    func show(_ evidence: OperationEvidence, _ backend: BackendSaying?) {
        let record = evidence.record
        let what = evidence.operation.map { " \($0.verb) \($0.subject)" } ?? ""
        let place = record.lane.isEmpty ? "" : " in \(record.lane)"
        let role = record.isOperationUndo ? "the undo of " : ""
        heading("operation \(record.operation)\(what)\(place), \(role)“\(record.step.name)”")
        let begun = record.startedAt.map { "begun \(ago($0)), " } ?? ""
        let limit =
            evidence.limit.map { "limit \(Span.short($0.milliseconds)) (\($0.origin.text))" }
            ?? "no limit; asked about after \(Span.short(record.step.stallAfter)) of silence"
        line("\(begun)last news \(ago(evidence.heardAt)), fence \(record.fence); \(limit)")
        if !evidence.isInFlight { line("left behind: \(evidence.job) no longer waits for it") }
        guard let backend else { return line("the backend was not asked") }
        switch backend.source {
        case "engine": line("the backend (asked now): it \(backend.text)")
        case "program": line("it \(backend.text)")
        default: line("the backend (from the hypervisor's log): it \(backend.text)")
        }
    }

    private func chain(_ links: [ChainLink]) {
        heading("who waits for whom")
        for link in links {
            let job = link.job
            let target = job.target == .none ? "" : " \(job.target)"
            let since = job.waiting.map { " for \(Span.short(now - $0.since))" } ?? ""
            let waits = link.waitsFor.isEmpty ? "" : ", waits\(since) for \(link.waitsFor)"
            line("\(job.id) \(job.kind)\(target): \(job.state.word)\(waits)")
        }
    }

    private func heading(_ text: String) {
        StandardOutput.line("")
        StandardOutput.line(paper.tinted(paper.safe(text), .heading))
    }

    private func line(_ text: String) { StandardOutput.line("  " + paper.safe(text)) }

    private func ago(_ moment: Timestamp) -> String { Span.short(now - moment) + " ago" }
}
