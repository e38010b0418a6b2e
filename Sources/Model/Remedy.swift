/// One thing that can be done about a job that stands still: a command, and what it would change.
package struct Remedy: Hashable, Sendable {
    /// The command, ready to be typed.
    package var command: String
    /// What it would change, in a sentence.
    package var effect: String

    private init(_ command: String, _ effect: String) {
        self.command = "signalbox " + command
        self.effect = effect
    }

    /// What can be done about the root of a chain, then about the job that was asked about; the
    /// safest first.
    package static func all(
        chain: [ChainLink],
        steps: [StepRecord],
        operation: OperationEvidence?,
        engineAlive: Bool
    ) -> [Remedy] {
        guard let root = chain.last?.job, let first = chain.first?.job else { return [] }
        var list: [Remedy] = []
        if !engineAlive, !root.state.isTerminal {
            list.append(
                Remedy("serve", "an engine takes the store over and everything goes on from there")
            )
        }
        let source = Source(job: root, steps: steps, operation: operation)
        list += source.remedies
        if first.id != root.id {
            if let resource = lock(held: root, by: chain) {
                list.append(release(resource, from: root, operation))
            }
            if !first.state.isTerminal {
                list.append(
                    Remedy(
                        "job cancel \(first.id.number)",
                        first.startedAt == nil
                            ? "\(first.id) waits no longer and ends; it has done nothing"
                            : "\(first.id) waits no longer; what it did is undone"
                    )
                )
            } else {
                list.append(again(first))
            }
        }
        return list
    }

    /// The lock for which somebody in the chain waits and which its root holds.
    private static func lock(held root: Job, by chain: [ChainLink]) -> String? {
        guard chain.count > 1, !root.state.isTerminal else { return nil }
        let text = chain[chain.count - 2].waitsFor
        guard text.hasPrefix("lock ") else { return nil }
        return text.dropFirst(5).split(separator: " ").first.map(String.init)
    }

    private static func release(
        _ resource: String,
        from root: Job,
        _ operation: OperationEvidence?
    ) -> Remedy {
        let isAtWork = operation?.isInFlight ?? false
        return Remedy(
            "lock release \(resource) --job \(root.id.number) --reason TEXT"
                + (isAtWork ? " --force" : ""),
            "\(root.id) loses the lock and ends by that; what it did is not undone; the next in "
                + "the queue gets it"
        )
    }

    fileprivate static func again(_ job: Job) -> Remedy {
        Remedy("job retry \(job.id.number)", "a new job does the same; \(job.id) stays as it is")
    }

    /// The job that the matter comes from.
    private struct Source {
        let job: Job
        let steps: [StepRecord]
        let operation: OperationEvidence?

        private var number: Int64 { job.id.number }
        private var name: String { operation?.record.operation ?? "" }

        var remedies: [Remedy] {
            if job.state.isTerminal { return ended }
            var list = ask
            switch job.state {
            case .pending: list += verdict + [leave]
            case .queued: list += lane + [cancel]
            case .running, .childQueued, .childRunning: list += [cancel, abort]
            case .finishing: list += [abort]
            case .cancelling: list += job.stop?.level == .cancel ? [abort] : []
            case .rollingBack:
                list += operation == nil ? [] : [holdUndo]
            case .lost: list += [stopLost] + settle
            case .needsOperator: list += decisions + (operation == nil ? [] : settle)
            case .completed, .warning, .failed, .aborted: break
            }
            let hasBegun = job.state != .pending && job.state != .queued
            return list + (hasBegun ? [abandon] : [])
        }

        private var ended: [Remedy] {
            let retry = job.state == .failed || job.state == .aborted ? [again(job)] : []
            guard operation != nil else { return retry }
            return ask + (isExternal ? [] : [interrupt]) + settle + retry
        }

        /// Whether a program outside does it, which nobody can ask or interrupt.
        private var isExternal: Bool { operation?.operation?.isExternal ?? false }

        private var ask: [Remedy] {
            guard operation != nil, !isExternal else { return [] }
            return [
                Remedy(
                    "job resolve \(number) --decision ask",
                    "asks the backend what became of operation \(name); changes nothing else"
                )
            ]
        }

        private var interrupt: Remedy {
            Remedy(
                "job resolve \(number) --decision interrupt",
                "stops operation \(name) under a new fence; what it holds at the backend is free "
                    + "again; nothing is undone"
            )
        }

        private var settle: [Remedy] {
            let goesOn =
                job.state.isTerminal
                ? "the record is closed; nothing is called"
                : "\(job.id) goes on as if the backend had said so"
            let fails =
                job.state.isTerminal
                ? "the record is closed; nothing is called"
                : "the step counts as failed, and what it may have done is undone"
            return [
                Remedy(
                    "job resolve \(number) --decision settleNotDone --reason TEXT",
                    "you declare that \(name) was not done and is over: \(fails)"
                ),
                Remedy(
                    "job resolve \(number) --decision settleDone --reason TEXT",
                    "you declare that \(name) was done: \(goesOn)"
                ),
            ]
        }

        /// The names of the steps that a stop would undo, newest first.
        private var undo: String {
            guard !steps.contains(where: \.isPastReturn) else {
                return "nothing is undone, it is past its point of no return"
            }
            let names = StepRecord.undoStack(of: steps).map { "“\($0.undoText)”" }
            guard !names.isEmpty else { return "there is nothing to undo" }
            let more = names.count > 5 ? " and \(names.count - 5) more" : ""
            return "undoes " + names.prefix(5).joined(separator: ", ") + more
        }

        private var leave: Remedy {
            Remedy("job cancel \(number)", "\(job.id) ends; it has done nothing")
        }

        private var verdict: [Remedy] {
            guard job.waiting?.reason == .approval else { return [] }
            return [
                Remedy(
                    "job approve \(number)",
                    "\(job.id) goes on; not for \(job.user), who submitted it"
                ),
                Remedy("job reject \(number) --reason TEXT", "\(job.id) ends; it has done nothing"),
            ]
        }

        private var cancel: Remedy {
            Remedy("job cancel \(number)", "lets the step at work end, then \(undo)")
        }

        private var abort: Remedy {
            let step = operation.map { "“\($0.record.step.name)”" } ?? "its children"
            let isFirm = operation.map { !$0.record.step.isInterruptible } ?? false
            let first =
                isExternal
                ? "tells the program that does \(step), which ends by itself"
                : isFirm
                    ? "waits for the end of \(step), which cannot be interrupted" : "stops \(step)"
            return Remedy("job abort \(number)", "\(first), then \(undo)")
        }

        private var holdUndo: Remedy {
            Remedy("job abort \(number)", "interrupts the undo \(name) and lets you decide")
        }

        private var stopLost: Remedy {
            let who = isExternal ? "its program" : "the backend"
            return Remedy(
                "job abort \(number)",
                "recorded now; takes effect when \(who) speaks of \(name) again, then \(undo)"
            )
        }

        private var lane: [Remedy] {
            guard job.waiting?.reason == .pausedLane else { return [] }
            return [Remedy("lane resume \(job.lane)", "the lane begins work again, for all jobs")]
        }

        private var decisions: [Remedy] {
            let isStep = operation.map { !$0.record.isOperationUndo } ?? false
            return [
                Remedy(
                    "job resolve \(number) --decision retry",
                    isStep ? "the backend is asked again about \(name)" : "the undo is tried again"
                ),
                Remedy(
                    "job resolve \(number) --decision skip",
                    isStep
                        ? "goes on without “\(operation?.record.step.name ?? "")”"
                        : "leaves the undo that failed out and goes on with the others"
                ),
                Remedy(
                    "job resolve \(number) --decision giveUp",
                    "\(job.id) ends; what was not undone stays behind"
                ),
            ]
        }

        private var abandon: Remedy {
            Remedy(
                "job abandon \(number)",
                operation.map {
                    "\(job.id) ends at once, undoes nothing, and frees its locks; operation "
                        + "\($0.record.operation) may go on and stays on record"
                } ?? "\(job.id) ends at once, undoes nothing more, and frees its locks"
            )
        }
    }
}
