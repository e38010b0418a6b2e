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
