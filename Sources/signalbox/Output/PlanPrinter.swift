import Engine
import Model

/// Shows what a job would do.
struct PlanPrinter {
    let kinds: KindRegistry
    let paper: Paper

    /// How many generations of children are shown.
    private static let deepest = 8

    /// Prints the plan with the plans of its children, its locks and what would undo it.
    func show(_ plan: Plan, isJSON: Bool) throws {
        guard !isJSON else { return StandardOutput.line(RecordJSON.object(plan).pretty) }
        line(plan.summary, .heading, 0)
        show(plan, depth: 1)
        line("locks", .heading, 0)
        if plan.locks.isEmpty { line("none", .faint, 1) }
        for lock in plan.locks { line("\(lock.resource)  \(lock.mode.rawValue)", .none, 1) }
        line("if it fails or is stopped", .heading, 0)
        let undo = plan.steps.reversed().flatMap(Self.undo)
        switch plan.rollbackPolicy {
        case .automatic: break
        case .manual: line("an operator is asked first", .none, 1)
        case .none: line("what was done stays", .none, 1)
        }
        if undo.isEmpty { line("there is nothing to undo", .faint, 1) }
        for text in undo { line(text, .none, 1) }
        line("if the engine dies while a step is at work", .heading, 0)
        line("\(plan.onCrash.rawValue): \(plan.onCrash.text)", .none, 1)
        let limits = TimeLimit.Name.allCases.compactMap { name in
            plan.limits[name].map { "\(name.rawValue) \(Span.short($0))" }
        }
        guard !limits.isEmpty else { return }
        line("limits", .heading, 0)
        line(limits.joined(separator: ", "), .none, 1)
    }

    /// What would take a step back, newest first.
    private static func undo(of step: Step) -> [String] {
        var lines: [String] = []
        if let commit = step.commit {
            let undo = commit.undo.map { "\($0.verb) \($0.subject)" } ?? "nothing"
            lines.append("after “\(step.name)” instead of all before: \(undo)")
        }
        if case .children(let children) = step.work {
            lines += children.jobs.reversed().compactMap { child in
                child.undo.map { "undo \(child.kind) \(child.target): \($0.verb) \($0.lane)" }
            }
        }
        if let undo = step.undo {
            let saved =
                step.snapshot.map { ", \($0.fields.joined(separator: ", ")) as before" } ?? ""
            lines.append("undo “\(step.name)”: \(undo.verb) \(undo.subject)\(saved)")
        }
        return lines
    }

    private func show(_ plan: Plan, depth: Int) {
        for (place, step) in plan.steps.enumerated() {
            line("\(place + 1). \(step.name)\(remarks(step))", .none, depth)
            if case .children(let children) = step.work { show(children, depth: depth + 1) }
        }
    }

    private func show(_ children: Children, depth: Int) {
        for child in children.jobs {
            let policy =
                switch child.onStop {
                case .cascade: ""
                case .orphan: "  (goes on when this job is stopped)"
                case .refuse: "  (this job is not stopped while it works)"
                }
            line("\(child.kind) \(child.target)\(policy)", .active, depth)
            let order = Order(target: child.target, parameters: child.parameters)
            // What earlier steps are to make is not there yet: then the child cannot be planned.
            guard depth < Self.deepest, let plan = try? kinds.plan(kind: child.kind, order) else {
                continue
            }
            show(plan, depth: depth + 1)
        }
    }

    private func remarks(_ step: Step) -> String {
        var remarks: [String] = []
        if case .operation(let operation) = step.work {
            remarks.append("\(operation.verb), lane \(operation.lane)")
        }
        if case .children(let children) = step.work, children.concurrency < children.jobs.count {
            remarks.append("at most \(children.concurrency) at once")
        }
        if !step.isInterruptible { remarks.append("cannot be interrupted") }
        if step.commit != nil { remarks.append("commit point") }
        if step.isPointOfNoReturn { remarks.append("point of no return") }
        if step.isEndAction { remarks.append("end action") }
        if let limit = step.timeLimit { remarks.append("at most \(Span.short(limit))") }
        return remarks.isEmpty ? "" : "  (\(remarks.joined(separator: "; ")))"
    }

    private func line(_ text: String, _ tint: Tint, _ depth: Int) {
        let indent = String(repeating: "  ", count: depth)
        StandardOutput.line(indent + paper.tinted(paper.safe(text), tint))
    }
}
