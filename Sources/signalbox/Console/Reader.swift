import Console
import Engine
import Foundation
import Hypervisor
import Model
import Store
import Synchronization

/// Reads the store on a thread of its own: whatever the console wants to see, when it wants
/// something else, and when something has changed.
///
/// While nothing changes it asks the store nothing.
final class Reader: Sendable {
    private struct State {
        var watch: Watch?
        var isNew = false
        var isChanged = false
        var isStopping = false
    }

    private let desk: Desk
    private let mailbox: Mailbox
    private let state = Mutex(State())
    private let wake: WakePipe
    private let watcher: StoreWatcher
    private let finished = DispatchSemaphore(value: 0)

    /// Changes are shown at most so often: ten times a second.
    private static let pace: Int64 = 100
    /// How often a console without an engine looks whether one is alive, in milliseconds.
    private static let liveliness: Int32 = 1000

    /// A reader that has not started.
    init(_ desk: Desk, _ mailbox: Mailbox) throws {
        self.desk = desk
        self.mailbox = mailbox
        wake = try WakePipe()
        watcher = try StoreWatcher(storePath: desk.site.storePath)
    }

    /// Starts the thread.
    func start() {
        let thread = Thread { [self] in
            run()
            finished.signal()
        }
        thread.name = "reader"
        thread.stackSize = 8 << 20
        thread.start()
    }

    /// Ends the thread.
    func stop() {
        state.withLock { $0.isStopping = true }
        wake.signal()
        finished.wait()
    }

    /// Sets what the console wants to see.
    func want(_ watch: Watch) {
        state.withLock { state in
            state.watch = watch
            state.isNew = true
        }
        wake.signal()
    }

    /// Something was committed in this process.
    func nudge() {
        let isFirst = state.withLock { state in
            defer { state.isChanged = true }
            return !state.isChanged
        }
        if isFirst { wake.signal() }
    }

    // MARK: The thread

    private func run() {
        var view = ReaderView(desk)
        var echoes = Echoes()
        var readAt: ContinuousClock.Instant?
        var isPending = false
        while true {
            let since = readAt.map { Int64((.now - $0) / .milliseconds(1)) } ?? Self.pace
            let paced = isPending ? Int32(max(0, Self.pace - since)) : -1
            rest(for: echoes.next(within: Self.sooner(paced, idle(view))))
            let taken = state.withLock { state in
                defer {
                    state.isNew = false
                    state.isChanged = false
                }
                return state
            }
            guard !taken.isStopping else { return }
            let isWritten = watcher.drain()
            if isWritten { echoes.begin() }
            guard let watch = taken.watch else { continue }
            isPending = isPending || isWritten || taken.isChanged || echoes.isSounding
            let isDue = readAt.map { (.now - $0) >= .milliseconds(Self.pace) } ?? true
            if taken.isNew || (isPending && isDue) {
                view.read(watch, isNew: taken.isNew).forEach(mailbox.post)
                readAt = .now
                isPending = false
            } else if !isPending {
                view.refresh().forEach(mailbox.post)
            }
        }
    }

    /// How long to wait at most while nothing happens.
    private func idle(_ view: ReaderView) -> Int32 {
        view.isFading || desk.host == nil ? Self.liveliness : -1
    }

    private static func sooner(_ left: Int32, _ right: Int32) -> Int32 {
        left < 0 ? right : right < 0 ? left : min(left, right)
    }

    private func rest(for milliseconds: Int32) {
        var descriptors = [wake.readEnd, watcher.descriptor].map {
            pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
        }
        _ = poll(&descriptors, 2, milliseconds)
        wake.drain()
    }
}
