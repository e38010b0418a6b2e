import Engine
import Model
import Operations
import Store

/// Gathers what is known of a job that stands still, and asks the backend.
struct EvidenceDesk {
    let site: Site
    let store: SQLiteStore

    /// How long the backend's answer is waited for, in milliseconds.
    private static let patience: Int64 = 2000
    /// How many of the newest lines of a log are searched for it.
    private static let lines = 50

    /// Opens the store to look at it.
    init(_ global: GlobalOptions) throws {
        site = try global.site()
        store = try site.openStoreForReading()
    }

    /// What the store knows.
    func evidence(of id: JobID) throws -> Evidence {
        try store.read { reader in
            let chain = try reader.waitChain(of: id)
            let root = try chain.last.flatMap { try reader.detail($0.job.id, logLimit: 0) }
            return Evidence(
                chain: chain,
                steps: root?.steps ?? [],
                limits: root?.limits ?? [],
                engineAlive: try reader.engine()?.isAlive ?? false
            )
        }
    }

    /// Adds what the backend says of the operation: the living engine is asked, or else the log of
    /// the hypervisor is read.
    func ask(_ evidence: inout Evidence) {
        guard let operation = evidence.operation else { return }
        if operation.operation?.isExternal == true {
            evidence.backend = BackendSaying(
                "is reported on by the program that does it; nobody can ask that",
                source: "program"
            )
            return
        }
        // Whoever may not ask the engine, or gets no answer, still can look.
        if let text = try? askEngine(operation) {
            evidence.backend = BackendSaying(text, source: "engine")
        } else if let text = try? picture(operation.record.operation) {
            evidence.backend = BackendSaying(text, source: "picture")
        }
    }

    private func askEngine(_ operation: OperationEvidence) throws -> String? {
        let desk = RequestDesk(site: site, store: try site.openStore())
        guard try desk.isEngineAlive() else { return nil }
        let id = operation.job
        let known = try store.read { try $0.detail(id, logLimit: 1)?.log.last?.sequence ?? 0 }
        let request = OperatorRequest(
            .settle(.ask),
            job: id,
            by: site.user,
            reason: "looked why it stands still"
        )
        let written = try desk.write([request])
        guard case .done? = try desk.outcomes(of: written).first ?? nil else { return nil }
        let head = Evidence.mark + "operation \(operation.record.operation) "
        return try StoreEar(site.storePath).await(milliseconds: Self.patience) { () -> String? in
            let log = try store.read { try $0.detail(id, logLimit: Self.lines)?.log ?? [] }
            let line = log.last { $0.sequence > known && $0.text.hasPrefix(head) }
            return line.map { String($0.text.dropFirst(head.count)) }
        }
    }

    /// What the hypervisor's log says, whoever works with it.
    private func picture(_ operation: String) throws -> String? {
        let backend = HypervisorBackend(try site.pictureHypervisor())
        let now = WallClock(on: store).now()
        backend.perform([.probe(operation: operation)], at: now)
        return backend.takeNews(at: now).first { $0.operation == operation }?.event.words
    }
}

extension Evidence {
    /// Whether there is nothing to be done: it runs and moves, it ended well, or it has its time.
    func isWell(at now: Timestamp) -> Bool {
        guard chain.count == 1, let job = chain.first?.job else { return false }
        switch job.state {
        case .completed, .warning: return operation == nil
        case .running, .finishing, .childRunning:
            return job.waiting == nil && now - job.updatedAt < 60_000
        case .pending: return job.waiting?.reason == .time
        default: return false
        }
    }
}
