package import Engine
package import Model

/// Sends what scripts and programs outside are to do to those, and everything else to the
/// hypervisor.
package final class RouterBackend: Backend {
    private let scripts: ScriptBackend?
    private let external: ExternalBackend
    private let others: any Backend

    /// The ways; without scripts none are run.
    package init(scripts: ScriptBackend?, external: ExternalBackend, others: any Backend) {
        self.scripts = scripts
        self.external = external
        self.others = others
    }

    private enum Way { case scripts, external, others }

    /// Carries out calls, those for each way in their order.
    package func perform(_ calls: [BackendCall], at now: Timestamp) {
        let ways = calls.map(way)
        guard ways.contains(where: { $0 != .others }) else { return others.perform(calls, at: now) }
        let split = zip(calls, ways)
        func hand(_ way: Way, to backend: (any Backend)?) {
            let calls = split.filter { $0.1 == way }.map { $0.0 }
            if !calls.isEmpty { backend?.perform(calls, at: now) }
        }
        hand(.scripts, to: scripts)
        hand(.external, to: external)
        hand(.others, to: others)
    }

    private func way(_ call: BackendCall) -> Way {
        switch call {
        case .begin(let call):
            if call.operation.isExternal { return .external }
            return scripts != nil && call.operation.verb.hasPrefix("script.") ? .scripts : .others
        case .probe(let name), .clear(let name), .interrupt(let name, _):
            if OperationName(name)?.isExternal == true { return .external }
            return scripts?.knows(name) == true ? .scripts : .others
        }
    }

    private func way(lane: String) -> Way {
        switch lane {
        case External.lane: .external
        case ScriptCatalog.lane where scripts != nil: .scripts
        default: .others
        }
    }

    /// The news of all.
    package func takeNews(at now: Timestamp) -> [BackendNews] {
        let near = (scripts?.takeNews(at: now) ?? []) + external.takeNews(at: now)
        let far = others.takeNews(at: now)
        return near.isEmpty ? far : near + far
    }

    /// The earliest of all.
    package func nextNews(after now: Timestamp) -> Timestamp? {
        let near = [scripts?.nextNews(after: now), external.nextNews(after: now)]
        return (near + [others.nextNews(after: now)]).compactMap { $0 }.min()
    }

    /// Where a lane leads now.
    package func resolve(lane: String) -> String {
        way(lane: lane) == .others ? others.resolve(lane: lane) : lane
    }

    /// How many operations a lane takes at once.
    package func slots(inLane lane: String) -> Int {
        switch way(lane: lane) {
        case .scripts: scripts?.slots(inLane: lane) ?? 0
        case .external: external.slots(inLane: lane)
        case .others: others.slots(inLane: lane)
        }
    }

    /// Whether there is such a lane, used before or not.
    package func knows(lane: String) -> Bool {
        way(lane: lane) == .others ? others.knows(lane: lane) : true
    }

    /// What the hypervisor says of an entity.
    package func fields(_ names: [String], of entity: String) -> [String: String]? {
        others.fields(names, of: entity)
    }
}
