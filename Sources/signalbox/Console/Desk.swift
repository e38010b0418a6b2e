import Engine
import Model
import Store

/// What the console's threads share: where it works, and through what.
struct Desk: Sendable {
    /// Where the program works.
    let site: Site
    /// The store, open.
    let store: SQLiteStore
    /// The time that the console shows.
    let clock: any EngineClock
    /// The engine inside this process; nil if there is to be none.
    let host: EngineHost?
    /// The title of the scenario; empty if this is no demo.
    let scenario: String

    /// Whether this process's engine owns the store.
    var isOwner: Bool { host?.runner.isOwner ?? false }
}
