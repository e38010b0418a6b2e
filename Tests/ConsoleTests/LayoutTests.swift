import Console
import Model
import Terminal
import Testing

@Suite("Any size of the screen")
struct LayoutTests {
    static let sizes: [(Int, Int)] = {
        let rows = [0, 1, 3, 9, 10, 11, 14, 15, 24, 60, 200]
        let columns = [0, 1, 5, 39, 40, 41, 79, 119, 120, 200, 500]
        return rows.flatMap { row in columns.map { (row, $0) } }
    }()

    static let drives: [@Sendable (inout Pilot) -> Void] = [
        { _ in }, { $0.open("Enter") }, { $0.open("S") }, { $0.open("L") },
        {
            $0.open("T"); $0.press("O")
        }, { $0.ask("A") }, { $0.press("x") },
        { $0.press("?", "G") }, { $0.press("q") },
        {
            $0.press("/"); $0.type("state:nothing")
        },
        {
            $0.press("2"); $0.send(.vms(Sample.vms)); $0.press("x", "z")
        },
        {
            $0.press("3"); $0.send(.hosts(Sample.hosts))
        },
        {
            $0.press("4"); $0.send(.locks(Sample.locks))
        },
    ]

    @Test("every view can be drawn at every size", arguments: drives.indices)
    func total(index: Int) {
        var pilot = Pilot()
        Self.drives[index](&pilot)
        for (rows, columns) in Self.sizes {
            pilot.send(.resized(rows: rows, columns: columns))
            pilot.press("j", "G", "k", "PgUp")

            let grid = pilot.model.view()

            #expect(grid.rows == rows && grid.columns == columns)
        }
    }

    @Test("a screen that is too small says what it needs")
    func tooSmall() {
        let pilot = Pilot(rows: 8, columns: 30)
        pilot.sees("30×8 is too small")
        pilot.sees("needs 40×10")
    }

    @Test("a screen that is too small can be left")
    func leaveSmall() {
        var pilot = Pilot(rows: 8, columns: 30)
        pilot.press("Q")
        pilot.sees("l leaves them running")
        pilot.pass(300)
        pilot.press("l")
        #expect(pilot.effects == [.quit(.leaveRunning)])
    }

    @Test("sizes below nothing are taken as nothing")
    func negative() {
        var pilot = Pilot()
        pilot.send(.resized(rows: -5, columns: Int.min))
        #expect(pilot.screen.isEmpty)
    }

    @Test("at 40 columns and 10 rows the job, its state and the way to help are there")
    func smallest() {
        let pilot = Pilot(rows: 10, columns: 40)
        pilot.sees("5948 ● Running")
        pilot.sees("Enter open")
    }

    @Test("what is hostile in a name is shown and never obeyed")
    func hostile() {
        let job = Sample.job(1, "vm.start", "vm/\u{1B}[2J\u{202E}evil\u{7}", .running) {
            $0.message = "a\nb\r\u{9B}31m"
            $0.user = "\u{0}"
        }
        var pilot = Pilot(columns: 200, jobs: [job])
        pilot.press("Enter")
        pilot.send(.detail(job.id, JobDetail(job: job)))
        let bad = pilot.screen.unicodeScalars.filter { scalar in
            scalar != "\n"
                && (scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value)
                    || (0x202A...0x202E).contains(scalar.value))
        }
        #expect(bad.isEmpty)
    }

    @Test("random keys never leave the selection without a row, nor act on anything else")
    func randomKeys() {
        var chance = Steps(seed: 7)
        let keys = Keymap.bindings.flatMap(\.keys) + "abzZ19".map(Key.character)
        var pilot = Pilot(rows: 24, columns: 100)
        for _ in 0..<3000 {
            pilot.now = pilot.now + Int64(chance.next() % 400)
            let armed = pilot.model.dialogJob?.id
            pilot.send(.input(.key(keys[Int(chance.next() % UInt64(keys.count))]), pilot.now))
            for request in pilot.requests { #expect(request.job == armed) }
            pilot.effects = []
            if chance.next() % 4 == 0 {
                pilot.refresh(Array(Sample.jobs.dropFirst(Int(chance.next() % 6))))
            }
            if chance.next() % 5 == 0, let id = pilot.model.watch.detail?.job {
                pilot.send(.detail(id, Sample.detail(id.number)))
            }
            if let selected = pilot.model.selectedJob, pilot.model.context == .jobs {
                #expect(pilot.screen.contains("›"), "\(selected)")
            }
        }
    }
}

/// A plain generator, the same on every machine.
struct Steps {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state >> 33
    }
}
