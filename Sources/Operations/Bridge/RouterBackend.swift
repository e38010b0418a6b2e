package import Engine
package import Model

/// Sends what scripts are to do to them, and everything else to the hypervisor.
package final class RouterBackend: Backend {
    private let scripts: ScriptBackend
    private let others: any Backend

    /// The two ways.
    package init(scripts: ScriptBackend, others: any Backend) {
        self.scripts = scripts
        self.others = others
    }

    /// Carries out calls, those for either in their order.
    package func perform(_ calls: [BackendCall], at now: Timestamp) {
        let isForScripts = calls.map(isForScripts)
        guard isForScripts.contains(true) else { return others.perform(calls, at: now) }
        let split = zip(calls, isForScripts)
        scripts.perform(split.filter { $0.1 }.map { $0.0 }, at: now)
        let rest = split.filter { !$0.1 }.map { $0.0 }
        if !rest.isEmpty { others.perform(rest, at: now) }
    }

    private func isForScripts(_ call: BackendCall) -> Bool {
        switch call {
        case .begin(let operation): operation.operation.verb.hasPrefix("script.")
        case .probe(let name), .clear(let name), .interrupt(let name, _): scripts.knows(name)
        }
    }

    /// The news of both.
    package func takeNews(at now: Timestamp) -> [BackendNews] {
        let news = scripts.takeNews(at: now)
        return news.isEmpty ? others.takeNews(at: now) : news + others.takeNews(at: now)
    }

    /// The earlier of both.
    package func nextNews(after now: Timestamp) -> Timestamp? {
        [scripts.nextNews(after: now), others.nextNews(after: now)].compactMap { $0 }.min()
    }

    /// Where a lane leads now.
    package func resolve(lane: String) -> String {
        lane == ScriptCatalog.lane ? lane : others.resolve(lane: lane)
    }

    /// How many operations a lane takes at once.
    package func slots(inLane lane: String) -> Int {
        lane == ScriptCatalog.lane ? scripts.slots(inLane: lane) : others.slots(inLane: lane)
    }
}
