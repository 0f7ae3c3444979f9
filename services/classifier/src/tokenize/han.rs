//! One form for a character that China, Taiwan and Japan write differently.
//!
//! `選挙`, `選舉` and `选举` are one word, and what is learnt from articles in one of these scripts holds in the others. The
//! list has the characters that news is full of; a form is the simplified one.

use std::sync::LazyLock;

/// Where the characters begin that have a form, and how many there are.
const FIRST: u32 = 0x4e00;
const COUNT: usize = 0x5200;

/// For each character the number of its form, less [`FIRST`].
static FORMS: LazyLock<Vec<u16>> = LazyLock::new(|| {
    let mut forms: Vec<u16> = (0..COUNT as u16).collect();
    for pair in PAIRS.split(' ') {
        let mut characters = pair.chars().map(|character| u32::from(character).wrapping_sub(FIRST));
        if let (Some(written), Some(form)) = (characters.next(), characters.next())
            && let (Some(slot), Ok(form)) = (forms.get_mut(written as usize), u16::try_from(form))
        {
            *slot = form;
        }
    }
    forms
});

/// The number of the character that stands for all forms of the one with this number.
pub(super) fn form(code: u32) -> u32 {
    let place = code.wrapping_sub(FIRST) as usize;
    FORMS.get(place).map_or(code, |form| FIRST + u32::from(*form))
}

/// A character and its form.
const PAIRS: &str = "\
    両两 亜亚 仏佛 仮假 伝传 來来 価价 個个 們们 備备 傷伤 僅仅 價价 優优 兩两 別别 則则 創创 劇剧 劉刘 劑剂 労劳 効效 動动 務务 勝胜 勞劳 勢势 \
    勧劝 勳勋 勵励 匯汇 區区 協协 単单 卻却 厲厉 厳严 員员 問问 啟启 喪丧 單单 営营 嗎吗 嚴严 団团 囲围 図图 國国 圍围 圏圈 園园 圖图 團团 執执 \
    堅坚 報报 場场 塁垒 塊块 塩盐 塵尘 墜坠 壇坛 壓压 壞坏 売卖 変变 夠够 夥伙 奪夺 奮奋 娛娱 婦妇 嬰婴 孫孙 學学 宮宫 實实 寧宁 審审 寶宝 対对 \
    專专 尋寻 對对 導导 屆届 層层 屬属 岡冈 島岛 師师 帯带 帶带 幣币 幫帮 幹干 広广 庫库 廠厂 廢废 廣广 廳厅 強强 弾弹 彈弹 彙汇 後后 徑径 從从 \
    復复 徹彻 応应 恆恒 悪恶 惡恶 愛爱 愼慎 態态 慘惨 慮虑 慶庆 憂忧 憲宪 憶忆 應应 懲惩 懷怀 戦战 戰战 戲戏 戶户 拋抛 拠据 拡扩 挙举 掃扫 採采 \
    換换 揮挥 損损 搶抢 擁拥 擇择 擊击 擔担 據据 擴扩 攜携 攝摄 敗败 敵敌 數数 斷断 時时 暈晕 暫暂 曆历 書书 會会 東东 桜樱 條条 棄弃 検检 楊杨 \
    業业 極极 楽乐 榮荣 構构 様样 樂乐 樓楼 標标 樣样 権权 樹树 橋桥 機机 橫横 檔档 檢检 權权 歐欧 歡欢 歲岁 歳岁 歴历 歷历 歸归 殘残 殺杀 殼壳 \
    毀毁 毎每 気气 氣气 氫氢 決决 沒没 沢泽 況况 淚泪 淨净 淺浅 済济 減减 渦涡 測测 準准 滅灭 滿满 漁渔 漢汉 漲涨 潔洁 潛潜 濃浓 濕湿 濟济 瀏浏 \
    灣湾 災灾 為为 無无 煙烟 熱热 燈灯 燒烧 營营 爐炉 爭争 牆墙 牽牵 獄狱 獅狮 獎奖 獨独 獲获 獵猎 現现 環环 產产 産产 畫画 異异 當当 瘋疯 療疗 \
    発发 發发 監监 県县 眾众 確确 碼码 禮礼 種种 稱称 積积 穩稳 窮穷 競竞 筆笔 節节 範范 築筑 簡简 紀纪 約约 紅红 納纳 純纯 紙纸 級级 細细 終终 \
    組组 経经 結结 給给 統统 絶绝 經经 継继 続续 維维 網网 緊紧 総总 線线 編编 練练 縁缘 總总 績绩 織织 繼继 續续 義义 習习 聖圣 聞闻 聯联 聲声 \
    聴听 職职 聽听 脳脑 腦脑 腸肠 臉脸 臨临 與与 興兴 舊旧 艦舰 艱艰 芸艺 荘庄 華华 萬万 葉叶 蓋盖 蔵藏 薬药 藝艺 藥药 蘇苏 蘭兰 處处 虛虚 號号 \
    術术 衛卫 衝冲 補补 製制 複复 見见 規规 視视 覚觉 覧览 親亲 観观 覺觉 觀观 訂订 計计 訊讯 訓训 託托 記记 訪访 設设 許许 訴诉 診诊 証证 詐诈 \
    評评 詞词 詢询 試试 詩诗 話话 該该 詳详 誌志 認认 語语 誠诚 誤误 説说 読读 誰谁 課课 調调 談谈 請请 論论 諸诸 謀谋 講讲 謝谢 謹谨 識识 譯译 \
    議议 護护 譽誉 讀读 變变 讓让 豐丰 貝贝 負负 財财 貢贡 貧贫 貨货 販贩 貫贯 責责 費费 貿贸 賃赁 資资 賞赏 賠赔 賣卖 質质 賴赖 購购 賽赛 贈赠 \
    趙赵 躍跃 車车 軌轨 軍军 軟软 転转 軽轻 較较 載载 輔辅 輛辆 輪轮 輸输 轉转 轟轰 辦办 辭辞 農农 這这 連连 進进 遊游 運运 過过 達达 違违 遠远 \
    適适 遲迟 選选 遺遗 還还 邊边 郵邮 郷乡 鄉乡 醫医 釈释 釋释 針针 鉄铁 鉱矿 銀银 鋒锋 鋼钢 錢钱 錯错 録录 鎮镇 鏡镜 鐵铁 鑽钻 長长 門门 閉闭 \
    開开 間间 関关 閣阁 閱阅 闘斗 關关 陣阵 陰阴 陳陈 陸陆 険险 陽阳 隊队 階阶 際际 隣邻 險险 隱隐 雑杂 雖虽 雙双 雜杂 雞鸡 離离 難难 雲云 電电 \
    霧雾 靜静 韓韩 響响 頂顶 順顺 預预 頒颁 領领 頭头 頻频 題题 額额 顔颜 願愿 類类 顧顾 顯显 風风 颱台 飛飞 飯饭 飲饮 飾饰 養养 餓饿 館馆 馬马 \
    駅驿 駐驻 騎骑 騒骚 験验 驅驱 驗验 驚惊 體体 鬥斗 魚鱼 魯鲁 鳥鸟 麗丽 麥麦 麼么 黃黄 黒黑 點点 黨党 齊齐 齡龄 齢龄 龍龙";

#[cfg(test)]
mod tests {
    use super::{PAIRS, form};

    fn forms(text: &str) -> Vec<u32> {
        text.chars().map(|character| form(u32::from(character))).collect()
    }

    #[test]
    fn one_word_in_three_scripts_is_one() {
        for (japanese, traditional, simplified) in [
            ("経済", "經濟", "经济"),
            ("戦争", "戰爭", "战争"),
            ("対応", "對應", "对应"),
        ] {
            assert_eq!(forms(japanese), forms(simplified), "{japanese}");
            assert_eq!(forms(traditional), forms(simplified), "{traditional}");
        }
        assert_eq!(form(u32::from('あ')), u32::from('あ'));
        assert_eq!(form(0x2_0000), 0x2_0000);
    }

    #[test]
    fn a_form_has_no_other_form() {
        for pair in PAIRS.split(' ') {
            let codes: Vec<u32> = pair.chars().map(u32::from).collect();
            assert!(
                codes.len() == 2 && form(codes[0]) == codes[1] && form(codes[1]) == codes[1],
                "{pair}"
            );
        }
    }
}
