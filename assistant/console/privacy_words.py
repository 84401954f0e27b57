"""What the pages of privacy call things: grounds, sorts of rows, looks."""

from assistant.domain.access import Sensitivity

#: why somebody looks into, hands over or erases a person's data
GROUNDS = {
    "asked_by_person": "本人要求",
    "asked_by_family": "家人代办（看过委托）",
    "moved_away": "已经搬走",
    "wrongly_recorded": "记错了人",
}
#: sorts of rows, of an erasure and of the retention job
SORTS = {
    "residents": "居民资料",
    "reports": "上报的原话",
    "parts": "上报里说到这个人的话",
    "comments": "备注",
    "files": "照片和录音",
    "messages": "发出的消息里说到这一户的",
    "bookings": "订房记录",
    "views": "存的筛选",
    "imports": "导入的预览",
    "case_reports": "办结的上报",
    "routine_reports": "平常的上报",
    "loose_files": "没有归到上报的照片和录音",
    "questions": "问过的话",
    "received": "收到的消息",
    "sent": "发出的消息",
    "login_attempts": "登录的尝试",
    "duty_slots": "过去的值班",
    "accounts": "离岗人员的聊天账号",
    "logins": "离岗人员的登录名",
    "invitations": "离岗人员的邀请",
}
#: what somebody did, by the ledger's verb
LOOKS = {
    "viewed": "看了这一户",
    "searched": "查找个人信息",
    "looked_up": "看了个人信息汇总",
    "took_out": "导出报表",
    "handed_over": "导出个人信息",
    "erasure_asked": "登记删除",
    "person_erased": "删除完成",
    "cleared_out": "删到期的",
}
#: on what ground, by the code that the ledger holds
WHYS = {
    "own area": "自己网格的户",
    "own area, restricted": "自己网格的户，看到了限制查看的内容",
    "given or own": "交给自己的、自己网格的",
    "given or own, restricted": "交给自己的、自己报的，看到了限制查看的内容",
    **GROUNDS,
}
#: classes that are shown to few
CLASSES = {
    Sensitivity.ORDINARY: "一般",
    Sensitivity.HEALTH: "健康",
    Sensitivity.CHILD: "未成年人",
    Sensitivity.VIOLENCE: "家暴",
}
