import Engine
import Model

/// What a checker knows of undo operations.
struct UndoBook {
    /// One step of one job, in one of the times it was done.
    struct Place: Hashable {
        var job: JobID
        var step: Int
        var round: Int
        var times: Int
        var verb: String
        var subject: String
        /// Two children may have done the same at different places.
        var parameters: [String: String]
    }

    /// How many of the ledger's events were looked at.
    var seen = 0
    /// The step that each job undid last.
    var last: [JobID: Int] = [:]
    /// How often each step was begun: by job and step.
    var begun: [JobID: [Int: Int]] = [:]
    /// How often a job went on from an earlier step.
    private(set) var rounds: [JobID: Int] = [:]
    /// Which place an undo takes back.
    var places: [String: Place] = [:]
    /// The undo that was done there.
    var done: [Place: String] = [:]

    /// Notes that a job begins some of its steps anew.
    mutating func beginAnew(_ job: JobID) { rounds[job, default: 0] += 1 }
}

/// Undo operations: newest first, and each done once.
extension InvariantChecker {
    /// Follows what the hypervisor did since the last look.
    func checkUndos() throws {
        let events = ledger.events(after: undos.seen)
        undos.seen += events.count
        for event in events {
            switch event {
            case .begun(let execution): try follow(execution)
            case .done(let operation): try checkDone(operation)
            }
        }
    }

    private func follow(_ execution: HypervisorLedger.Execution) throws {
        guard let name = OperationName(execution.operation) else { return }
        try checkApproval(execution, of: name.job)
        guard name.isUndo else {
            undos.last[name.job] = nil
            undos.begun[name.job, default: [:]][name.step, default: 0] += 1
            return
        }
        if let before = undos.last[name.job], name.step > before {
            throw Violation("\(name.job) undid step \(before) before step \(name.step)")
        }
        undos.last[name.job] = name.step
        undos.places[execution.operation] = UndoBook.Place(
            job: name.job,
            step: name.step,
            round: undos.rounds[name.job] ?? 0,
            times: undos.begun[name.job]?[name.step] ?? 0,
            verb: execution.verb,
            subject: execution.subject,
            parameters: execution.parameters
        )
    }

    private func checkDone(_ operation: String) throws {
        guard let place = undos.places[operation], !declared.contains(place.job) else { return }
        if let before = undos.done[place], before != operation {
            throw Violation("\(place.job) was undone twice in step \(place.step): \(operation)")
        }
        undos.done[place] = operation
    }
}
