import Console
import Engine
import Model
import Terminal

/// The console's loop: waits for keys and news, and shows what comes of them.
///
/// It belongs to the process's first thread and blocks in poll(2).
@MainActor
final class ConsoleLoop {
    private let screen: any Screen
    private let clock: any EngineClock
    private let mailbox: Mailbox
    private let reader: Reader
    private let clerk: Clerk
    private let memory: ThemeMemory
    private var model: ConsoleModel
    private var isDirty = true
    private var ending: QuitChoice?

    /// What changes by itself is shown at most so often, in real milliseconds.
    private static let shortestTick = 100
    /// How long the first frame waits for something to show, in milliseconds.
    private static let firstWait = 60

    init(
        screen: any Screen,
        settings: ConsoleSettings,
        desk: Desk,
        mailbox: Mailbox,
        reader: Reader,
        memory: ThemeMemory
    ) {
        self.screen = screen
        self.mailbox = mailbox
        self.reader = reader
        self.memory = memory
        clock = desk.clock
        clerk = Clerk(desk, mailbox)
        model = ConsoleModel(
            settings: settings,
            rows: screen.size.rows,
            columns: screen.size.columns,
            now: desk.clock.now()
        )
    }

    /// Runs until the person leaves or the terminal is gone.
    ///
    /// - Returns: What is to become of unfinished jobs.
    func run() -> QuitChoice {
        take(.tick(clock.now()))
        _ = screen.wait(for: [mailbox.descriptor], milliseconds: Self.firstWait)
        mailbox.take().forEach(take)
        while true {
            if isDirty {
                screen.present(model.view())
                isDirty = false
            }
            waitForEvents()
            if let ending { return ending }
        }
    }

    private func waitForEvents() {
        let until = Int(clock.milliseconds(until: model.nextTick))
        let wake = screen.wait(
            for: [mailbox.descriptor],
            milliseconds: max(until, Self.shortestTick)
        )
        if !wake.events.isDisjoint(with: .mustEnd) { return end(.leaveRunning) }
        if wake.events.contains(.suspendAsked) { suspend() }
        if wake.events.contains(.resized) {
            take(.resized(rows: screen.size.rows, columns: screen.size.columns))
        }
        if !wake.events.isDisjoint(with: .needsFrame) { isDirty = true }
        if wake.hasInput {
            for input in screen.readInput() { take(.input(input, clock.now())) }
        }
        if wake.descriptors.contains(mailbox.descriptor) { mailbox.take().forEach(take) }
        let now = clock.now()
        if model.nextTick <= now { take(.tick(now)) }
    }

    private func take(_ event: Event) {
        isDirty = true
        for effect in model.update(event) { carryOut(effect) }
    }

    private func carryOut(_ effect: Effect) {
        switch effect {
        case .watch(let watch): reader.want(watch)
        case .perform(let request, let id): clerk.perform(request, id)
        case .submit(let submission, let id): clerk.submit(submission, id)
        case .previewStop(let job): clerk.preview(job)
        case .setTheme(let name): memory.keep(name)
        case .suspend: suspend()
        case .redraw: screen.invalidate()
        case .copy(let text): screen.copy(text)
        case .quit(let choice): end(choice)
        case .bell: screen.bell()
        }
    }

    private func suspend() {
        screen.suspend()
        take(.resized(rows: screen.size.rows, columns: screen.size.columns))
    }

    private func end(_ choice: QuitChoice) {
        ending = ending ?? choice
        guard choice == .cancelMineAndQuit else { return }
        do { try clerk.cancelMine() } catch {
            ending = nil
            take(.trouble(Complaint(of: error)?.text ?? String(describing: error)))
        }
    }
}
