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
    /// What is shown, if it is a demo.
    let demo: Demo

    /// Whether this process's engine owns the store.
    var isOwner: Bool { host?.runner.isOwner ?? false }
}

/// What a demo does otherwise than real life; by default nothing.
struct Demo: Sendable {
    /// The title of the scenario; empty if this is no demo.
    var scenario = ""
    /// How fast time passes: 1 is as fast as the wall's.
    var pace: Double = 1
    /// Whether the store goes when the console is left.
    var isTemporary = false
}
