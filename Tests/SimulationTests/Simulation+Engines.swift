import Engine
import Model
import Store
import TestKit

/// Engines that die, freeze, are replaced, and come back.
extension Simulation {
    /// The engine dies: before a commit, after it, or between the commit and its calls; in a turn,
    /// or while somebody asks for something.
    func crash() throws {
        switch draw(6) {
        case 0: bench.store.fail(.beforeCommit, afterWrites: draw(2))
        case 1: bench.store.fail(.afterCommit, afterWrites: draw(2))
        case 2: bench.line.set(.areLost)
        case 3: bench.line.set(.halfArrive)
        default: break
        }
        switch draw(6) {
        case 0: try submit()
        case 1: try operate()
        case 2: try manageSchedules()
        case 3: try manageLanes()
        default: try oneTurn()
        }
        bench.store.disarm()
        if draw(4) == 0 { try leave() }
        try revive()
    }

    /// The engine gives the store back in peace.
    private func leave() throws {
        bench.engine.isEnding = true
        try bench.turn()
        try bench.engine.leave(at: now)
    }

    /// Another engine takes over; now and then it dies while it takes up what was left.
    func revive() throws {
        bench.store.disarm()
        if draw(4) == 0 {
            bench.store.fail(draw(2) == 0 ? .beforeCommit : .afterCommit, afterWrites: draw(3))
        }
        do {
            try bench.takeOver()
        } catch is CrashingStore.Crash {
            bench.store.disarm()
            try bench.takeOver()
        }
        bench.store.disarm()
    }

    /// The engine freezes between a commit and its calls, and another one takes over.
    func freeze() throws {
        let frozen = (engine: bench.engine, line: bench.line)
        frozen.line.set(.areDelayed)
        if draw(2) == 0 { try submit() } else { try oneTurn() }
        frozen.line.cutNews()
        zombies.append(frozen)
        try bench.takeOver()
    }

    /// A frozen engine wakes up: its calls arrive, and its next turn is refused.
    func deliverLate() {
        guard !zombies.isEmpty else { return }
        let zombie = zombies.remove(at: draw(zombies.count))
        zombie.line.deliver(at: now)
        zombie.line.set(.arrive)
        do {
            try zombie.engine.turn(Inbox(), at: now, wall: bench.clock.wall())
        } catch {
            return
        }
        checker.note("an engine that was replaced made a turn")
    }

    /// Two live engines take turns: one is replaced in the middle of its work and does not know.
    ///
    /// What it is asked for is refused, what it hears is lost to it, and nothing it does counts.
    func contend() throws {
        guard let rival = rivals.randomElement(using: &chance), draw(3) > 0 else {
            rivals = rivals.suffix(2) + [bench.engine]
            // Half of them keep hearing, and take news away from their successors.
            if draw(2) == 0 { bench.line.cutNews() }
            return try bench.takeOver()
        }
        let before = try bench.store.read { try $0.journalEnd() }
        let answers = RivalAnswers()
        var inbox = Inbox()
        if draw(2) == 0, let order = order() {
            inbox.submissions = [(order, answers.reply)]
        }
        if draw(2) == 0, let id = checker.unfinished.randomElement(using: &chance) {
            let request = OperatorRequest(.stop(.abort), job: id, by: "operator")
            inbox.requests = [(request, answers.reply)]
        }
        do {
            try rival.turn(inbox, at: now, wall: bench.clock.wall())
            checker.note("an engine that was replaced made a turn")
        } catch let error as StoreError where error.code == .notOwner {
            guard try bench.store.read({ try $0.journalEnd() }) == before, !answers.wasGiven else {
                throw Violation("an engine that was replaced has written or answered something")
            }
        }
    }
}
