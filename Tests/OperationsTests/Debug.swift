import Model
import Store
import Testing

@Suite struct DebugX {
    @Test func x() throws {
        let stage = try Stage()
        let id = try #require(try stage.submit("vm.deploy", "vm/app-1", ["disks": "0", "nics": "2"]))
        _ = try stage.run(id)
        for child in try stage.children(of: id, step: 1) { print("CH", child.id, child.state, child.waiting?.text ?? "-", child.message, child.lane) }
        for line in try stage.store.read({ try $0.locks(limit: 100) }) { print("LK", line) }
        for line in try stage.store.read({ try $0.journal(of: nil, after: 0, limit: 100) }) { print("JN", line.job, line.from?.rawValue ?? "", line.to, line.cause) }
    }
}
