/**
 * For each Mandarin syllable (pinyin, v for ü) five characters that are read so, tones 1 to 4 and neutral, `-` where there is
 * none: of those with no other reading the most frequent. Made by `training/homophones.py` from pypinyin (MIT) and the
 * word list of jieba (MIT).
 */
const TABLE: string =
  'a锕嗄阿阿啊 ai哀皑矮爱- an安犴铵案- ang肮昂-盎- ao凹鳌袄鏊- ba巴魃把爸吧 bai掰白摆败- ban班-板办- bang邦-绑棒- bao孢雹保报- bei杯-北备呗 ben锛-苯笨- ' +
  'beng崩甭俸蹦- bi逼鼻笔必- bian编-匾变边 biao标-表鳔- bie憋蹩瘪别- bin宾--殡- bing兵-秉病- bo拨博簸檗卜 bu逋醭补布- ca擦-礤-- cai猜财彩菜- can骖残惨灿- ' +
  'cang仓藏--- cao操曹艹造- ce---策- cen参岑--- ceng噌层-蹭- cha锸茶镲诧- chai钗豺-虿- chan搀缠产羼- chang猖常氅唱- chao钞潮炒耖- che砗-扯撤- ' +
  'chen琛陈碜衬伧 cheng撑成骋秤- chi痴持齿赤- chong充崇宠铳- chou抽筹丑臭- chu出厨楚触- chua撮---- chuai揣-揣踹- chuan川船喘钏- chuang疮床闯怆- ' +
  'chui炊锤-吹- chun椿纯蠢-- chuo戳--辍- ci疵词此赐- cong匆丛--- cou楱-趣凑- cu粗殂-蹙- cuan蹿蹲-窜- cui催-璀翠- cun村存忖寸- cuo磋痤脞错- ' +
  'da褡鞑打大塔 dai呆-傣代- dan丹-赕蛋- dang裆-党荡- dao刂叨导到- de-德--的 dei--得-- deng噔-等瞪- di低迪邸第- dia--嗲-- dian颠-点电- diao雕-鸟吊- ' +
  'die爹叠哆-- ding叮-顶定- diu丢---- dong东-懂动- dou兜-抖豆- du督独赌渡- duan端-短段- dui堆--对- dun墩-趸钝- duo多夺躲舵- e屙额阿鄂呃 ei-诶--- ' +
  'en恩--摁- er-鸸尔二儿 fa发罚法珐- fan翻凡返范- fang芳防访放- fei飞腓斐费- fen纷坟粉愤- feng风冯讽奉- fo-佛--- fou不-缶-- fu肤符府复- ga伽钆尕尬- ' +
  'gai该-改丐- gan肝-敢赣- gang刚-港筻- gao糕-稿诰- ge哥阁舸铬- gei--给-- gen根哏艮亘- geng耕-耿更- gong工-巩贡- gou沟-狗构- gu姑骨股故咕 gua瓜-寡挂- ' +
  'guai乖-拐怪- guan关-管贯- guang胱-犷逛- gui规-鬼贵- gun--滚棍- guo锅国裹过- ha铪蛤哈哈- hai嗨孩海骇- han憨韩喊汉- hang夯航狼沆- hao薅毫好灏- ' +
  'he诃河-贺- hei黑---- hen-痕很恨- heng哼衡-横- hng----哼 hong轰洪哄讧- hou-猴吼后- hu乎湖琥护- hua花猾-话- huai-淮-坏划 huan欢环缓换- ' +
  'huang肓黄谎横慌 hui挥回悔汇- hun婚魂-诨- huo锪活夥获和 ji基级挤计- jia加颊甲架家 jian坚-检建- jiang江-讲匠- jiao交嚼搅叫- jie阶截解界家 jin今-紧进- ' +
  'jing京-警境- jiong扃-炯-- jiu纠-酒就蹴 ju驹局举具- juan鹃-锩眷- jue噘决蹶倔- jun军--郡- ka喀-胩-- kai开-凯忾- kan刊-砍瞰- kang慷扛奋钪- kao尻- ' +
  '考靠- ke颗壳岢克喀 kei刻---- ken--肯裉- keng铿-忐-- kong崆-孔控- kou抠-口扣- ku哭-苦库- kua夸-垮跨- kuai--蒯快- kuan宽-款-- kuang筐诳夼况- ' +
  'kui盔葵跬愧- kun坤-阃困- kuo---扩- la拉旯喇辣啦 lai-来-赖- lan-兰览烂- lang啷廊朗蒗- lao捞劳老涝- le肋--鳓了 lei勒嫘垒类嘞 len---啉- leng棱塄冷愣- ' +
  'li哩黎理力里 lia--俩-- lian-联脸练- liang-粮两辆- liao撩疗蓼撂- lie咧咧咧烈咧 lin拎林凛赁- ling拎陵领另- liu熘流柳鹨- lo----咯 long隆龙垄弄- ' +
  'lou搂楼篓陋喽 lu噜卢鲁录氇 luan-鸾卵乱- lun抡轮-论- luo落逻裸洛- lv-驴旅律- lve--掠略- m-唔--- ma妈麻马骂吗 mai-埋买卖- man颟蛮满曼- mang-忙漭-- ' +
  'mao猫矛卯贸- me----么 mei-梅美妹- men闷门-焖们 meng蒙檬猛梦- mi眯弥米密- mian-棉沔面- miao喵苗秒庙- mie乜--灭咩 min-民敏-- ming-鸣酩命- miu--- ' +
  '谬- mo摸魔抹默- mou哞谋某-- mu-毪亩目- n-嗯嗯嗯- na那拿哪纳哪 nai-能奶奈- nan囡男赧难- nang囔囊攮-囔 nao孬挠脑闹- ne-那-讷呢 nei--馁内- nen---嫩- ' +
  'neng-能--- ng-嗯嗯嗯- ni妮霓你逆- nian拈黏碾念- niang-娘-酿- niao--袅脲- nie捏--涅- nin-您--- ning-凝拧佞- niu妞牛纽拗- nong-农-弄- nou ' +
  '---耨- nu-奴努怒- nuan-濡暖-- nuo-挪-诺- nv--钕衄- nve---虐- o噢哦-哦喔 ou欧-偶怄- pa啪爬-怕- pai拍牌排蒎- pan攀盘-判- pang乓庞耪胖- ' +
  'pao抛咆跑疱- pei胚陪-配- pen喷盆-喷- peng烹朋捧碰- pi披皮匹屁- pian偏骈谝骗- piao飘瓢瞟票- pie氕-苤-- pin拼频品牝- ping乒评-聘- po坡婆叵破- ' +
  'pou剖裒部踣- pu噗濮普铺- qi欺旗起器- qia掐-卡恰- qian千钱谴欠- qiang枪墙羟炝- qiao敲桥巧窍- qie切伽且窃- qin钦秦寝沁- qing轻情请庆- qiong芎穷--- ' +
  'qiu秋求糗愀- qu趋衢龋阒戌 quan圈全犬劝- que缺瘸-却- qun逡群蹲-- ran-然染-- rang嚷瓤壤让- rao-饶扰绕- re-若惹热- ren-人稔认- reng扔仍-扔- ri---日- ' +
  'rong茸荣冗-- rou-柔蹂肉- ru-如乳入- ruan--软-- rui-蕤蕊瑞- run---润- ruo---弱- sa仨-洒萨- sai腮--赛- san三-伞散- sang桑-嗓丧- sao骚-嫂瘙- ' +
  'se---瑟- sen森-洒-- seng僧---- sha杀啥傻霎- shai筛-色晒- shan山-闪善- shang商-赏绱裳 shao烧韶少绍- she奢佘舍设- shei-谁--- shen深什审肾- ' +
  'sheng生绳眚剩- shi师时使世匙 shou收熟手授扌 shu书赎署树- shua唰-耍刷- shuai摔-甩帅- shuan闩--涮- shuang双-爽淙- shui-谁水睡氵 shun--吮顺- ' +
  'shuo说杓-硕- si私-死四厕 song松-耸送- sou艘-薮嗽- su苏俗-速- suan酸--算- sui虽随髓岁- sun孙-损-- suo桫-所些嗦 ta溻-獭榻遢 tai胎邰呔态- tan滩谈坦碳- ' +
  'tang羰堂傥烫- tao涛逃讨套- te---特- tei忒---- teng-腾--- ti锑题体替- tian天田腆掭- tiao祧条窕眺挑 tie贴-铁餮- ting厅停艇汀- tong嗵铜统痛- ' +
  'tou偷亠钭透头 tu突图钍堍- tuan湍抟疃彖- tui推颓腿退- tun暾臀氽褪- tuo托驼妥唾- wa挖娃佤腽哇 wai歪-崴外- wan湾玩晚腕- wang汪王网望- wei微维伟未- wen温文稳问- ' +
  'weng翁-蓊瓮- wo窝-我卧- wu屋芜武物- xi西席玺细- xia瞎辖-下- xian先闲显现- xiang乡祥想向- xiao消淆小笑- xie些协写谢- xin心寻-衅忄 xing星形擤性- ' +
  'xiong胸雄-宪- xiu修-朽秀- xu须徐诩续蓿 xuan宣悬选炫- xue薛学雪谑- xun勋询-训- ya鸭崖痖亚呀 yan嫣严偃验- yang鸯阳养漾- yao腰摇舀药- ye椰爷冶业- yi伊宜蚁义- ' +
  'yin因银引胤- ying鹰营影硬- yo哟---哟 yong拥喁永用- you悠尤友又- yu淤鱼宇域- yuan冤原远院- yue曰块哕岳- yun晕云陨孕- za匝砸咋-- zai灾-宰在- zan糌咱趱赞咱 ' +
  'zang赃-驵葬- zao遭凿早灶- ze-则-仄- zei-贼--- zen--怎谮- zeng憎--赠- zha渣闸眨诈喳 zhai斋宅窄债- zhan瞻-展战- zhang张-掌丈- zhao钊着沼照- ' +
  'zhe遮哲者浙着 zhei---这- zhen真-诊镇- zheng争-整证- zhi织直止制- zhong终-肿仲- zhou州轴肘宙- zhu诸竹煮住- zhua抓-爪-- zhuai拽-转拽- zhuan专- ' +
  '转篆- zhuang装-奘状- zhui锥--坠- zhun谆-准-- zhuo桌灼--- zi资-紫自子 zong宗-总纵- zou邹-走奏- zu租镞组-- zuan躜-纂攥- zui堆-嘴罪- zun尊蹲撙-- ' +
  'zuo作昨左做- ';

const HOMOPHONES: ReadonlyMap<string, string> = new Map(
  TABLE.trim()
    .split(' ')
    .map((row) => [row.slice(0, -5), row.slice(-5)]),
);

/** Combining marks of the tones 1 to 4. */
const TONE_MARKS = ['\u0304', '\u0301', '\u030C', '\u0300'];

/** `shàn` as `shan4`; what has its number already stays. */
const numbered = (syllable: string): string => {
  if (/[1-5]$/u.test(syllable)) return syllable;
  const apart = syllable.normalize('NFD');
  const tone = TONE_MARKS.findIndex((mark) => apart.includes(mark));
  const plain = apart.replace(new RegExp(`[${TONE_MARKS.join('')}]`, 'gu'), '').normalize('NFC');
  return plain + (tone < 0 ? 5 : tone + 1);
};

/**
 * Characters that every Mandarin voice reads as this pinyin says: syllables with tone numbers or tone marks, apart by blanks
 * or not (`chong2qing4`, `zhāng`).
 *
 * @returns undefined when a syllable is none.
 */
export const charactersOfPinyin = (pinyin: string): string | undefined => {
  const syllables = pinyin
    .toLowerCase()
    .replaceAll('u:', 'v')
    .split(/(?<=[1-5])|[\s'’-]+/u)
    .filter((syllable) => syllable !== '');
  const characters = syllables.map((syllable) => {
    const [, base, tone] = /^(\D+)([1-5])$/u.exec(numbered(syllable).replaceAll('ü', 'v')) ?? [];
    const row = base === undefined ? undefined : HOMOPHONES.get(base);
    // A neutral tone without a character of its own is near the first.
    const found = row?.[Number(tone) - 1];
    return found === '-' && tone === '5' ? row?.[0] : found;
  });
  const isKnown = characters.length > 0 && characters.every((found) => found !== undefined && found !== '-');
  return isKnown ? characters.join('') : undefined;
};
