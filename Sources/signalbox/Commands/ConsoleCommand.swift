import ArgumentParser
import Engine
import Foundation
import Model
import Store
import Terminal

/// The console.
struct ConsoleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "console",
        abstract: "Open the console; an engine runs inside unless one is alive on the store.",
        discussion: """
            ? shows the keys. Leaving stops nothing: unfinished jobs go on with the next engine. \
            With --read-only no engine runs inside, and nothing can be changed.
            """
    )

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    func run() throws {
        guard isatty(0) == 1, isatty(1) == 1 else {
            throw Complaint(
                .usage,
                "the console needs a terminal; “signalbox serve” runs an engine without one, and "
                    + "“signalbox --help” lists what works in scripts"
            )
        }
        let site = try global.site()
        let store =
            site.isReadOnly ? try site.openStoreForReading() : try SQLiteStore(path: site.storePath)
        let clock = SteadyClock(on: store)
        if !site.isReadOnly { try site.publishRoles(to: store) }
        let mayServe = try site.gate(store).standing().refusal(.serve) == nil
        let hasEngine = !site.isReadOnly && !store.isReadOnly && mayServe
        if hasEngine { try site.checkHypervisor() }
        let session = try ConsoleSession(
            global: global,
            site: site,
            store: store,
            clock: clock,
            host: hasEngine
                ? { try EngineHost(site: site, store: store, clock: clock, listener: $0) } : nil
        )
        try session.run()
        let counts = try store.read { try $0.counts() }
        if hasEngine && counts.unfinished > 0 && store.lock?.holder() == nil {
            StandardError.say(
                counts.unfinished == 1
                    ? "1 job has not ended; it goes on when an engine comes"
                    : "\(counts.unfinished) jobs have not ended; they go on when an engine comes"
            )
        }
        try store.close()
    }
}
