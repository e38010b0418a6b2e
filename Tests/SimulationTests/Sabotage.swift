import Engine
import Hypervisor
import Model
import Operations
import Store
import TestKit

/// Something wrong between the parts, that the simulation has to notice.
enum Sabotage: String, CaseIterable, Sendable {
    case none
    /// The hypervisor takes every fence for a new one.
    case ignoredFences
    /// The store says that it has committed, and sometimes has not.
    case lyingCommits
    /// Some undo steps are reported as done and never carried out.
    case skippedUndo
    /// An undo is held back until the next one of its job has been begun.
    case reversedUndo
    /// The engine believes that lanes have more slots than they have.
    case generousLanes
    /// The store takes every engine for its owner.
    case ignoredEpochs
    /// The store loses tickets.
    case droppedTickets
    /// The store gives a lock to somebody who waits for it.
    case overtakingTickets
    /// A due instant makes two jobs.
    case doubledRuns
    /// The record of a due instant is lost.
    case forgottenRuns
    /// Limits of time run out by the clock on the wall.
    case limitsByTheWall
    /// Retention takes jobs that have not ended.
    case greedyRetention
    /// A paused lane is forgotten to be so.
    case forgottenPauses
    /// What has begun by a rate is not kept for the next engine.
    case forgottenRates
    /// The engine believes that more jobs may begin than may.
    case generousRates
    /// The engine believes that accounts may have more jobs unfinished, or running, than they may.
    case generousAccounts
    case generousRunning
    /// A job says that its submitter has approved it, or somebody who never did.
    case ownApprovals
    case forgedApprovals
    /// A job that needs approval is no longer known to.
    case forgottenApprovals

    /// Stands in for the rules that an engine is told.
    func spoil(_ rules: EngineRules) -> EngineRules {
        var rules = rules
        switch self {
        case .generousRates:
            rules.rates = Rates(
                rules.rates.all.map { Rates.Rule($0.pattern, $0.most + 1, per: $0.span) }
            )
        case .generousAccounts:
            rules.accounts = AccountBounds(
                rules.accounts.all.map { rule in
                    var rule = rule
                    rule.unfinished = rule.unfinished.map { $0 + 1 }
                    return rule
                }
            )
        case .generousRunning:
            rules.accounts = AccountBounds(
                rules.accounts.all.map { rule in
                    var rule = rule
                    rule.running = rule.running.map { $0 + 1 }
                    return rule
                }
            )
        default: break
        }
        return rules
    }

    /// Stands in for the hypervisor.
    func spoil(_ hypervisor: any Hypervisor) -> any Hypervisor {
        self == .ignoredFences ? FencelessHypervisor(hypervisor) : hypervisor
    }

    /// Stands in for a backend.
    func spoil(_ backend: any Backend) -> any Backend {
        switch self {
        case .skippedUndo: UndoSkippingBackend(backend)
        case .reversedUndo: UndoReversingBackend(backend)
        case .generousLanes: GenerousBackend(backend)
        default: backend
        }
    }

    /// Stands in for a store.
    func spoil(_ store: any JobStore, _ clock: ManualClock) -> any JobStore {
        switch self {
        case .lyingCommits: LyingStore(store)
        case .ignoredEpochs: OpenStore(store)
        default: change.map { SpoiltStore(store, clock, $0) } ?? store
        }
    }
}
