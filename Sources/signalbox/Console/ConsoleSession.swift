import Console
import Engine
import Foundation
import Hypervisor
import Model
import Operations
import Store
import Synchronization
import Terminal

/// The console with everything around it: screen, reader, engine.
struct ConsoleSession {
    let global: GlobalOptions
    let desk: Desk
    let mailbox: Mailbox
    let reader: Reader

    /// Puts a session together.
    ///
    /// `host` makes the engine inside, given whom to tell what happens; nil for none.
    init(
        global: GlobalOptions,
        site: Site,
        store: SQLiteStore,
        clock: any EngineClock,
        demo: Demo = Demo(),
        host: ((@escaping EngineHost.Listener) throws -> EngineHost)?
    ) throws {
        self.global = global
        let mailbox = try Mailbox()
        let line = NoticeLine(mailbox)
        desk = Desk(
            site: site,
            store: store,
            clock: clock,
            host: try host?({ line.take($0) }),
            demo: demo
        )
        self.mailbox = mailbox
        reader = try Reader(desk, mailbox)
        line.connect(reader)
    }

    /// Shows the console until the person leaves; must be called on the process's first thread.
    func run() throws {
        let settings = try settings()
        var capabilities = TerminalCapabilities(environment: ProcessInfo.processInfo.environment)
        if settings.isMono { capabilities.colors = .mono }
        if settings.isASCII { capabilities.unicode = false }
        let options = ScreenOptions(capabilities: capabilities)
        desk.host?.start()
        reader.start()
        let bells = try bells()
        for bell in bells { bell.start() }
        defer {
            for bell in bells { bell.stop() }
            reader.stop()
            desk.host?.stop()
        }
        try MainActor.assumeIsolated {
            _ = try CursesScreen.run(options) { screen in
                var settings = settings
                settings.isASCII = settings.isASCII || !screen.capabilities.unicode
                return ConsoleLoop(
                    screen: screen,
                    settings: settings,
                    desk: desk,
                    mailbox: mailbox,
                    reader: reader,
                    memory: ThemeMemory(desk.site.installation)
                ).run()
            }
        }
    }

    /// What the configuration has the bell of this console ring at.
    private func bells() throws -> [HookThread] {
        try desk.site.configuration.hooks.filter(\.rings).map { [mailbox] rule in
            try HookThread(ringing: rule, site: desk.site) { mailbox.post(.bell) }
        }
    }

    private func settings() throws -> ConsoleSettings {
        let configuration = desk.site.configuration
        let memory = ThemeMemory(desk.site.installation)
        let wanted = global.theme ?? configuration.theme
        var settings = ConsoleSettings()
        settings.isASCII = global.isASCII || configuration.isASCII == true
        let noColor = ProcessInfo.processInfo.environment["NO_COLOR"] ?? ""
        settings.isMono =
            global.isWithoutColor || configuration.hasColor == false || !noColor.isEmpty
        settings.themes = try memory.themes(needing: wanted)
        settings.pace = desk.demo.pace
        settings.isStoreTemporary = desk.demo.isTemporary
        settings.theme = wanted ?? memory.kept ?? Theme.builtIn.name
        let nothing = SimulatedHypervisor(inventory: Inventory(), seed: 0)
        settings.kinds = KindRegistry(StandardKinds.all(hypervisor: nothing)).all.map { kind in
            KindLine(
                name: kind.name,
                targetType: kind.targetType,
                parameters: kind.parameters.map(\.name)
            )
        }
        return settings
    }
}

/// Brings what the engine says to the console.
private final class NoticeLine: Sendable {
    private let mailbox: Mailbox
    private let state = Mutex<(reader: Reader?, isTroubled: Bool)>((nil, false))

    init(_ mailbox: Mailbox) { self.mailbox = mailbox }

    func connect(_ reader: Reader) { state.withLock { $0.reader = reader } }

    func take(_ notice: EngineRunner.Notice) {
        let (reader, wasTroubled) = state.withLock { state in
            defer {
                if case .trouble = notice {
                    state.isTroubled = true
                } else {
                    state.isTroubled = false
                }
            }
            return state
        }
        switch notice {
        case .owning, .turned:
            if wasTroubled { mailbox.post(.trouble(nil)) }
            reader?.nudge()
        case .trouble(let text): mailbox.post(.trouble(text))
        }
    }
}
