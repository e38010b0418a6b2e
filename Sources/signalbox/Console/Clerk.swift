import Console
import Dispatch
import Engine
import Model
import Store

/// Does for the console what may take a moment: hands requests in and looks things up.
///
/// Requests go to the engine of this process if it owns the store, otherwise into the store, for
/// whichever engine does.
final class Clerk: Sendable {
    private let desk: Desk
    private let mailbox: Mailbox
    private let queue = DispatchQueue(label: "clerk")

    init(_ desk: Desk, _ mailbox: Mailbox) {
        self.desk = desk
        self.mailbox = mailbox
    }

    private var isReadOnly: Bool { desk.site.isReadOnly || desk.store.isReadOnly }

    // MARK: Requests

    /// Hands in a request about a job.
    func perform(_ request: OperatorRequest, _ id: RequestID) {
        guard !isReadOnly else { return refuse(id) }
        guard desk.isOwner, let host = desk.host else { return write(request, id) }
        guard let passed = pass(id, { try $0.pass(request, at: desk.clock.now()) }) else { return }
        host.runner.request(passed) { [self] result in
            // While the engine changed hands the request was not taken: the store takes it.
            if case .failure(let error as StoreError) = result, error.code == .notOwner {
                write(request, id)
            } else {
                answer(id, result)
            }
        }
    }

    /// Hands in a new job.
    func submit(_ submission: Submission, _ id: RequestID) {
        guard !isReadOnly else { return refuse(id) }
        guard desk.isOwner, let host = desk.host else { return write(submission, id) }
        guard let passed = pass(id, { try $0.pass(submission, at: desk.clock.now()) })
        else { return }
        host.runner.submit(passed) { [self] result in
            if case .failure(let error as StoreError) = result, error.code == .notOwner {
                write(submission, id)
            } else {
                answer(id, result)
            }
        }
    }

    /// Has something pass the gate; nil if it is refused, which is answered then.
    private func pass<Thing>(
        _ id: RequestID,
        _ body: (Gate) throws -> Result<Passed<Thing>, Gate.Refusal>
    ) -> Passed<Thing>? {
        do { return try body(desk.site.gate(desk.store)).get() } catch let error as Gate.Refusal {
            answer(id, .success(.refused(error.text)))
        } catch { answer(id, .failure(error)) }
        return nil
    }

    private func write(_ request: OperatorRequest, _ id: RequestID) {
        queue.async { [self] in
            do {
                let rows = RequestDesk(site: desk.site, store: desk.store)
                let numbers = try rows.write([request])
                if try rows.isEngineAlive(),
                    let outcome = try rows.outcomes(of: numbers).first ?? nil
                {
                    answer(id, .success(outcome))
                } else {
                    let text = "recorded; takes effect when an engine comes to it"
                    mailbox.post(.actionResult(ActionResult(id: id, text: text, isOK: true)))
                }
            } catch { answer(id, .failure(error)) }
        }
    }

    private func write(_ submission: Submission, _ id: RequestID) {
        queue.async { [self] in
            let rows = RequestDesk(site: desk.site, store: desk.store)
            answer(id, Result { try rows.submit(submission) })
        }
    }

    private func refuse(_ id: RequestID) {
        let text = "nothing may be changed here: read-only was asked for"
        mailbox.post(.actionResult(ActionResult(id: id, text: text, isOK: false)))
    }

    private func answer(_ id: RequestID, _ result: Result<RequestOutcome, any Error>) {
        let (text, isOK): (String, Bool) =
            switch result {
            case .success(.accepted(let job)): ("accepted (\(job))", true)
            case .success(.existing(let job)): ("\(job) does it already", true)
            case .success(.joined(let job)): ("joined \(job), which waits to do just that", true)
            case .success(.done(let what)): (what, true)
            case .success(.refused(let why)): (why, false)
            case .success(.notFound(let what)): (what, false)
            case .failure(let error): (Complaint(of: error)?.text ?? "\(error)", false)
            }
        mailbox.post(.actionResult(ActionResult(id: id, text: text, isOK: isOK)))
    }

    // MARK: Looking things up

    /// Finds out what stopping a job would do.
    func preview(_ id: JobID) {
        queue.async { [self] in
            let preview = try? desk.store.read { reader in
                try reader.detail(id, logLimit: 0).map(Self.preview)
            }
            if let preview = preview ?? nil { mailbox.post(.preview(preview)) }
        }
    }

    static func preview(of detail: JobDetail) -> StopPreview {
        let begun = detail.steps.filter { $0.state.hasBegun }
        let atWork = begun.last { [.issued, .running, .unknown].contains($0.state) }
        var preview = StopPreview(job: detail.job.id)
        preview.step = atWork?.step.name
        preview.isInterruptible = atWork?.step.isInterruptible ?? true
        let isPastReturn = begun.contains { $0.step.isPointOfNoReturn }
        if isPastReturn {
            preview.warnings.append("it is past its point of no return: nothing will be undone")
        } else {
            preview.undo = StepRecord.undoStack(of: detail.steps).map(\.undoText)
        }
        for row in detail.tree where isBelow(row.job, detail) && !row.job.state.isTerminal {
            preview.children[row.job.state] += 1
        }
        preview.warnings += policies(detail)
        if detail.job.state == .rollingBack {
            preview.warnings.append("it is being undone: abort interrupts that and lets you decide")
        }
        if detail.job.backend == .unknown {
            preview.warnings.append("what its newest operation does is not known")
        }
        return preview
    }

    /// What the plan says of children that are not simply stopped, and of the undo.
    private static func policies(_ detail: JobDetail) -> [String] {
        var notes: [String] = []
        switch detail.rollbackPolicy {
        case .automatic: break
        case .manual: notes.append("an operator is asked before anything is undone")
        case .none: notes.append("its policy is to undo nothing")
        }
        let current = detail.steps.first { $0.state == .running }
        guard let current, case .children(let children) = current.step.work else { return notes }
        let jobs = detail.tree.map(\.job).filter { $0.parentID == detail.job.id }
            .sorted { $0.id < $1.id }.suffix(children.jobs.count)
        for (job, spec) in zip(jobs, children.jobs) where !job.state.isTerminal {
            switch spec.onStop {
            case .cascade: break
            case .orphan: notes.append("\(job.id) goes on, and is waited for (abandon ends it too)")
            case .refuse where job.startedAt != nil:
                notes.append("cancel and abort are refused while \(job.id) is at work")
            case .refuse: break
            }
        }
        return notes
    }

    private static func isBelow(_ job: Job, _ detail: JobDetail) -> Bool {
        let parents = Dictionary(detail.tree.map { ($0.job.id, $0.job.parentID) }) { first, _ in
            first
        }
        var parent = job.parentID
        // Trees are bounded; so is the way up.
        for _ in 0..<64 {
            guard let next = parent else { return false }
            if next == detail.job.id { return true }
            parent = parents[next] ?? nil
        }
        return false
    }

    // MARK: Leaving

    /// Cancels this user's unfinished jobs; returns when that is recorded, or after three seconds.
    func cancelMine() throws {
        guard !isReadOnly else { return }
        let states = Set(JobState.allCases.filter { !$0.isTerminal })
        let mine = Filter.and([.states(states), .field(.user, pattern: desk.site.user)])
        let query = JobQuery(filter: mine, limit: 10_000)
        let jobs = try desk.store.read { try $0.page(query, at: desk.clock.now()).rows.map(\.job) }
        let requests = jobs.filter { $0.parentID == nil }.map {
            OperatorRequest(
                .stop(.cancel),
                job: $0.id,
                by: desk.site.user,
                reason: "the console was left"
            )
        }
        guard !requests.isEmpty else { return }
        let rows = RequestDesk(site: desk.site, store: desk.store)
        let numbers = try rows.write(requests)
        if try rows.isEngineAlive() { _ = try rows.outcomes(of: numbers) }
    }
}
