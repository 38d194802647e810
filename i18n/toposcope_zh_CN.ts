<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1">
<context>
    <name>@default</name>
    <message>
        <source>The rendered image cannot be written; free some disk space and try again.</source>
        <translation>无法写入渲染的影像；请释放一些磁盘空间后重试。</translation>
    </message>
    <message>
        <source>“{}” is not a raster layer; choose an image.</source>
        <translation>“{}”不是栅格图层；请选择一幅影像。</translation>
    </message>
    <message>
        <source>QGIS cannot read “{}”; repair its data source first.</source>
        <translation>QGIS 无法读取“{}”；请先修复其数据源。</translation>
    </message>
    <message>
        <source>Reading “{}” was interrupted; click again.</source>
        <translation>读取“{}”时被中断；请再次单击。</translation>
    </message>
    <message>
        <source>The layer&apos;s look changed while it was being read; click again.</source>
        <translation>读取期间图层的样式发生了变化；请再次单击。</translation>
    </message>
    <message>
        <source>The layer was removed while it was being read.</source>
        <translation>读取期间图层被移除。</translation>
    </message>
    <message>
        <source>This place lies outside the layer; click inside it.</source>
        <translation>该位置在图层范围之外；请在图层范围内单击。</translation>
    </message>
    <message>
        <source>“{}” does not say how large it is; save the part you need as a GeoTIFF.</source>
        <translation>“{}”没有给出其范围；请将所需部分另存为 GeoTIFF。</translation>
    </message>
    <message>
        <source>“{}” could not be drawn; try again.</source>
        <translation>无法绘制“{}”；请重试。</translation>
    </message>
    <message>
        <source>Nothing of “{}” arrived; check the connection and that the layer covers this place.</source>
        <translation>没有收到“{}”的任何数据；请检查网络连接，并确认图层覆盖该位置。</translation>
    </message>
    <message>
        <source>{:.1f} % of the part of “{}” that is read stayed empty; it is treated as no data.</source>
        <translation>读取范围的 {:.1f} % 为空（图层“{}”），按无数据处理。</translation>
    </message>
    <message>
        <source>{:.1f} % of the part of “{}” that is read did not arrive; objects there may be incomplete.</source>
        <translation>读取范围的 {:.1f} % 未能送达（图层“{}”），该处的对象可能不完整。</translation>
    </message>
    <message>
        <source>The result file cannot be read; run the algorithm again.</source>
        <translation>无法读取结果文件；请重新运行算法。</translation>
    </message>
    <message>
        <source>“{}” already holds a layer “{}”; choose another name.</source>
        <translation>“{}”中已有图层“{}”；请换一个名称。</translation>
    </message>
    <message>
        <source>“{}” cannot be written; choose another folder.</source>
        <translation>无法写入“{}”；请选择其他文件夹。</translation>
    </message>
    <message>
        <source>Objects segmented with Toposcope; see the fields model, prompt and source.</source>
        <translation>由 Toposcope 分割得到的对象；参见字段 model、prompt 和 source。</translation>
    </message>
    <message>
        <source>“{}” cannot be edited now; check that it is writable.</source>
        <translation>“{}”目前无法编辑；请检查它是否可写。</translation>
    </message>
    <message>
        <source>Add segmented object</source>
        <translation>添加分割对象</translation>
    </message>
    <message>
        <source>“{}” did not take the object; check its constraints.</source>
        <translation>“{}”没有接受该对象；请检查其约束。</translation>
    </message>
    <message>
        <source>The object cannot be expressed in the CRS of “{}”; choose another layer.</source>
        <translation>该对象无法用“{}”的坐标参考系 (CRS) 表示；请选择其他图层。</translation>
    </message>
    <message>
        <source>There is no object to add yet; click one first.</source>
        <translation>还没有可添加的对象；请先单击一个对象。</translation>
    </message>
    <message>
        <source>“{}” is not a polygon layer; choose or make one.</source>
        <translation>“{}”不是多边形图层；请选择或新建一个多边形图层。</translation>
    </message>
    <message>
        <source>“{}” is read-only; choose another layer or make a new one.</source>
        <translation>“{}”是只读的；请选择其他图层或新建一个图层。</translation>
    </message>
    <message>
        <source>“{}” is not a plain image file on this computer; save it as a GeoTIFF first.</source>
        <translation>“{}”不是本机上的普通影像文件；请先将其另存为 GeoTIFF。</translation>
    </message>
    <message>
        <source>This place cannot be expressed in the image&apos;s coordinate system; check the CRS of map and layer.</source>
        <translation>该位置无法用影像的坐标参考系表示；请检查地图和图层的坐标参考系 (CRS)。</translation>
    </message>
    <message>
        <source>The backend was stopped meanwhile; run the algorithm again.</source>
        <translation>后端在此期间已停止；请重新运行算法。</translation>
    </message>
    <message>
        <source>The prompt layer has no features to read; draw points on, or boxes around, the objects first.</source>
        <translation>提示图层中没有可读取的要素；请先在对象上绘制点，或在对象周围绘制框。</translation>
    </message>
    <message>
        <source>Feature {} has the label “{}”; write 1 for a point on the object and 0 for one that is not.</source>
        <translation>要素 {} 的标签为“{}”；对象上的点请填 1，不在对象上的点请填 0。</translation>
    </message>
    <message>
        <source>The image has no CRS</source>
        <translation>影像没有坐标参考系 (CRS)</translation>
    </message>
    <message>
        <source>The prompt layer has no CRS</source>
        <translation>提示图层没有坐标参考系 (CRS)</translation>
    </message>
    <message>
        <source>{}, so the prompts cannot be placed on the image; set it first.</source>
        <translation>{}，无法将提示定位到影像上；请先设置坐标参考系。</translation>
    </message>
    <message>
        <source>Segment objects from points or boxes</source>
        <translation>由点或框分割对象</translation>
    </message>
    <message>
        <source>Segmentation</source>
        <translation>分割</translation>
    </message>
    <message>
        <source>segment anything,SAM,outline,digitise,digitize,object,mask,vectorise,vectorize,AI</source>
        <translation>segment anything,SAM,分割,轮廓,数字化,对象,掩膜,矢量化,人工智能,AI</translation>
    </message>
    <message>
        <source>The output layer did not take an object; check its place and space.</source>
        <translation>输出图层没有接受某个对象；请检查其存放位置和剩余空间。</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>Simplify a smooth outline (pixels)</source>
        <translation>简化平滑轮廓（像素）</translation>
    </message>
    <message>
        <source>Image</source>
        <translation>影像</translation>
    </message>
    <message>
        <source>Prompts: points on, or polygons around, objects</source>
        <translation>提示：对象上的点，或包围对象的多边形</translation>
    </message>
    <message>
        <source>Field that says which prompts belong to one object</source>
        <translation>分组字段（指明哪些提示属于同一对象）</translation>
    </message>
    <message>
        <source>Field with 1 for points on the object, 0 for others</source>
        <translation>标签字段（对象上的点为 1，其他点为 0）</translation>
    </message>
    <message>
        <source>Outline</source>
        <translation>轮廓</translation>
    </message>
    <message>
        <source>Smallest part or hole (m²)</source>
        <translation>最小部分或孔洞 (m²)</translation>
    </message>
    <message>
        <source>Fill holes</source>
        <translation>填充孔洞</translation>
    </message>
    <message>
        <source>Keep the largest part only</source>
        <translation>仅保留最大部分</translation>
    </message>
    <message>
        <source>Objects</source>
        <translation>对象</translation>
    </message>
    <message>
        <source>Outlines the objects that prompts point at.

Image: a raster file, read with the bands and stretch the layer is shown with. Online layers are not read here; export the part you need to a GeoTIFF first.

Prompts: points on the objects, or polygons whose bounding boxes lie around them, in any CRS. Each feature is an object of its own, unless a group field says which belong together. With a label field, points with 1 belong to the object and points with 0 do not.

Model: the id of an installed model, for example {default} (always there) or sam2.1-tiny.

Outline: smooth, exact (pixel edges), or regular: orthogonal (buildings), rectangle, circle (tanks, silos). A regular outline that does not fit an object is replaced by the smooth one, which the log says.

Result: one multipolygon an object, in the image&apos;s CRS, with score, area on the ellipsoid, prompt, model and source. Nothing leaves this computer unless you connected a backend elsewhere.</source>
        <translation>勾画提示所指对象的轮廓。

影像：栅格文件，按图层显示所用的波段和拉伸读取。此处不读取在线图层；请先将所需部分导出为 GeoTIFF。

提示：对象上的点，或外接矩形包围对象的多边形，可使用任意坐标参考系 (CRS)。每个要素各为一个对象，除非用分组字段指明哪些要素属于同一对象。使用标签字段时，值为 1 的点属于对象，值为 0 的点不属于对象。

模型：已安装模型的标识，例如 {default}（始终可用）或 sam2.1-tiny。

轮廓：smooth（平滑）、exact（像素边缘），或规则轮廓：orthogonal（直角，用于建筑物）、rectangle（矩形）、circle（圆形，用于储罐、筒仓）。规则轮廓不适合对象时改用平滑轮廓，并记入日志。

结果：每个对象一个多部件多边形，使用影像的坐标参考系，带有得分、椭球面积、提示、模型和数据源。除非您连接了其他计算机上的后端，否则任何数据都不会离开本机。</translation>
    </message>
    <message>
        <source>segment.html</source>
        <translation>segment_zh_CN.html</translation>
    </message>
    <message>
        <source>Bands to read (one or three; none: as the layer is shown)</source>
        <translation>要读取的波段（一个或三个；不选则与图层显示一致）</translation>
    </message>
    <message>
        <source>“{}” needs a value for {}; fill it in in the attribute table before you save.</source>
        <translation>“{}”的 {} 需要一个值；请在保存前于属性表中填写。</translation>
    </message>
    <message>
        <source>The token of the server on {} cannot be read from QGIS&apos;s authentication database; enter it in the Toposcope panel, and where QGIS runs without a window let QGIS_AUTH_PASSWORD_FILE name a file with the master password.</source>
        <translation>无法从 QGIS 的身份验证数据库读取 {} 上服务器的令牌；请在 Toposcope 面板中输入；如果 QGIS 在没有窗口的情况下运行，请让 QGIS_AUTH_PASSWORD_FILE 指向一个包含主密码的文件。</translation>
    </message>
    <message>
        <source>This area lies outside the layer; choose another one.</source>
        <translation>该区域在图层之外；请另选一个。</translation>
    </message>
    <message>
        <source>This area is too large to be drawn from the layer; zoom in, or save the part you need as a GeoTIFF.</source>
        <translation>该区域太大，无法从图层绘制；请放大地图，或将所需部分另存为 GeoTIFF。</translation>
    </message>
    <message>
        <source>“{}” cannot be written; free some disk space and try again.</source>
        <translation>无法写入“{}”；请释放一些磁盘空间后重试。</translation>
    </message>
    <message>
        <source>Class map</source>
        <translation>分类图</translation>
    </message>
    <message>
        <source>Relevance: {}</source>
        <translation>相关度：{}</translation>
    </message>
    <message>
        <source>Found by phrases with Toposcope: {}</source>
        <translation>由 Toposcope 按短语找到：{}</translation>
    </message>
    <message>
        <source>QGIS cannot read “{}”; run it again.</source>
        <translation>QGIS 无法读取“{}”；请重新运行。</translation>
    </message>
    <message>
        <source>The result in “{}” is gone or cannot be read; run it again.</source>
        <translation>“{}”中的结果已不存在或无法读取；请重新运行。</translation>
    </message>
    <message>
        <source>The object is not in “{}” any more.</source>
        <translation>该对象已不在“{}”中。</translation>
    </message>
    <message>
        <source>Refine object</source>
        <translation>细化对象</translation>
    </message>
    <message>
        <source>The class map in “{}” cannot be read or filtered.</source>
        <translation>无法读取或筛选“{}”中的分类图。</translation>
    </message>
    <message>
        <source>The map&apos;s coordinate system cannot show this object; choose another one.</source>
        <translation>地图的坐标参考系无法显示此对象；请另选一个。</translation>
    </message>
    <message>
        <source>Class map from phrases</source>
        <translation>由短语生成分类图</translation>
    </message>
    <message>
        <source>text prompt,phrase,land cover,classification,open vocabulary,semantic segmentation,AI</source>
        <translation>文本提示,短语,土地覆盖,分类,开放词汇,语义分割,人工智能,AI</translation>
    </message>
    <message>
        <source>Background</source>
        <translation>背景</translation>
    </message>
    <message>
        <source>Scores</source>
        <translation>得分</translation>
    </message>
    <message>
        <source>Table of areas</source>
        <translation>面积表</translation>
    </message>
    <message>
        <source>Find objects by phrases</source>
        <translation>按短语查找对象</translation>
    </message>
    <message>
        <source>text prompt,phrase,grounding,open vocabulary,detect,find,search,object,AI</source>
        <translation>文本提示,短语,定位,开放词汇,检测,查找,搜索,对象,人工智能,AI</translation>
    </message>
    <message>
        <source>Number of objects</source>
        <translation>对象数量</translation>
    </message>
    <message>
        <source>Phrases, with semicolons between them</source>
        <translation>短语（以分号隔开）</translation>
    </message>
    <message>
        <source>Area (none: the whole image)</source>
        <translation>区域（不设：整幅影像）</translation>
    </message>
    <message>
        <source>Look at</source>
        <translation>查看方式</translation>
    </message>
    <message>
        <source>Grounding</source>
        <translation>短语定位</translation>
    </message>
    <message>
        <source>ground.html</source>
        <translation>ground_zh_CN.html</translation>
    </message>
    <message>
        <source>There are no phrases; write what to look for, such as “building; lake”.</source>
        <translation>没有短语；请写出要查找的内容，例如“建筑；湖泊”。</translation>
    </message>
    <message>
        <source>The area lies outside the image; choose one on it.</source>
        <translation>该区域在影像之外；请在影像上选择。</translation>
    </message>
    <message>
        <source>“{}” cannot be written; choose another place.</source>
        <translation>无法写入“{}”；请另选位置。</translation>
    </message>
    <message>
        <source>The scores in “{}” cannot be read; run it again.</source>
        <translation>无法读取“{}”中的得分；请重新运行。</translation>
    </message>
    <message>
        <source>Nothing can be written into “{}”; choose another folder for the results.</source>
        <translation>无法写入“{}”；请为结果选择其他文件夹。</translation>
    </message>
    <message>
        <source>The results cannot be moved into “{}”; they stay in “{}”.</source>
        <translation>结果无法移到“{}”；它们仍在“{}”中。</translation>
    </message>
    <message>
        <source>Gives each pixel the phrase that names it best.

Image: a raster file of any size, read with the bands and stretch the layer is shown with. Online layers are not read here; export the part you need to a GeoTIFF first.

Phrases: the classes, in English or Chinese, with semicolons between them: forest; cropland; water.

Read closely: everything, or only what a quick look finds relevant to the phrases.

Sharpen along edges, take out what all places share: auto does what suits the model.

Background: auto leaves out pixels that no phrase names with the score set; none gives every pixel its best phrase.

Result: a raster on the image&apos;s grid with 0 for none and i for the i-th phrase, with colours and names; if wanted, the scores with a band a phrase, and a table with each phrase&apos;s area. Nothing leaves this computer unless you connected a backend elsewhere.</source>
        <translation>为每个像素给出最符合它的短语。

影像：任意大小的栅格文件，按图层显示所用的波段和拉伸读取。此处不读取在线图层；请先将所需部分导出为 GeoTIFF。

短语：各个类别，可用中文或英文，以分号隔开：森林；农田；水体。

细读范围：全部，或仅粗看后认为与短语相关的部分。

沿边缘锐化、去除各处共有的部分：auto 采用适合该模型的做法。

背景：auto 会略去没有短语达到所设得分的像素；none 为每个像素给出最佳短语。

结果：位于影像格网上的栅格，0 表示无，i 表示第 i 个短语，带颜色和名称；如有需要，还有每个短语一个波段的得分，以及各短语面积的表格。除非您连接了别处的后端，否则任何内容都不会离开本机。</translation>
    </message>
    <message>
        <source>Finds what phrases name and outlines each object.

Image: a raster file of any size, read with the bands and stretch the layer is shown with. Online layers are not read here; export the part you need to a GeoTIFF first.

Phrases: what to look for, in English or Chinese, several with semicolons between them: building; swimming pool.

Look at: the whole image from afar, regions, or every pixel; auto decides by the phrases.

Score: the higher, the fewer and surer the objects; not set, the model&apos;s own.

Read closely: everything, or only what a quick look finds relevant to the phrases, which is faster on large images with few objects.

Result: one multipolygon an object, in the image&apos;s CRS, with phrase (label), score, area on the ellipsoid, model and source; and, if wanted, a raster with the score of each phrase in a band. Nothing leaves this computer unless you connected a backend elsewhere.</source>
        <translation>查找短语所指的内容，并勾画每个对象的轮廓。

影像：任意大小的栅格文件，按图层显示所用的波段和拉伸读取。此处不读取在线图层；请先将所需部分导出为 GeoTIFF。

短语：要查找的内容，可用中文或英文，多个之间以分号隔开：建筑；游泳池。

查看方式：从远处看整幅影像、看各区域，或看每个像素；auto 由短语决定。

得分：越高，对象越少、越可靠；不设时采用模型自己的值。

细读范围：全部，或仅粗看后认为与短语相关的部分；后者在对象稀少的大影像上更快。

结果：每个对象一个多部件多边形，采用影像的坐标参考系 (CRS)，带有短语（label）、得分、椭球面积、模型和来源；如有需要，还有每个短语一个波段的得分栅格。除非您连接了别处的后端，否则任何内容都不会离开本机。</translation>
    </message>
    <message>
        <source>Score from which something counts (not set: as suits the model)</source>
        <translation>起算得分（不设：按模型而定）</translation>
    </message>
    <message>
        <source>Model that outlines (none: the best installed)</source>
        <translation>勾画轮廓的模型（无：已安装的最好的一个）</translation>
    </message>
    <message>
        <source>Draw things anew with the model that outlines</source>
        <translation>用勾画轮廓的模型重新勾画事物</translation>
    </message>
    <message>
        <source>Read closely</source>
        <translation>细读范围</translation>
    </message>
    <message>
        <source>Decoder</source>
        <translation>解码器</translation>
    </message>
    <message>
        <source>Sharpen along edges</source>
        <translation>沿边缘锐化</translation>
    </message>
    <message>
        <source>Take out what all places share</source>
        <translation>去除各处共有的部分</translation>
    </message>
    <message>
        <source>Polygon around a thing to look for, beside phrases or instead</source>
        <translation>围住要查找之物的多边形，可与短语并用或代替短语</translation>
    </message>
    <message>
        <source>As finely as published</source>
        <translation>按论文的精细度</translation>
    </message>
    <message>
        <source>The layer with the example holds no polygon; draw one around a thing.</source>
        <translation>示例图层中没有多边形；请围绕某个事物画一个。</translation>
    </message>
    <message>
        <source>“{}” cannot be read; choose a classifier saved here.</source>
        <translation>无法读取“{}”；请选择在此保存的分类器。</translation>
    </message>
    <message>
        <source>“{}” is too large for a classifier; choose one saved here.</source>
        <translation>“{}”太大，不像是分类器；请选择在此保存的分类器。</translation>
    </message>
    <message>
        <source>False colour</source>
        <translation>假彩色</translation>
    </message>
    <message>
        <source>An example has no place in the coordinate system of the embeddings; take it back.</source>
        <translation>有一个示例无法用嵌入的坐标参考系表示；请将其撤回。</translation>
    </message>
    <message>
        <source>Computed from coordinates alone with Toposcope.</source>
        <translation>由 Toposcope 仅凭坐标算得。</translation>
    </message>
    <message>
        <source>places at random</source>
        <translation>随机地点</translation>
    </message>
    <message>
        <source>whole blocks of the map</source>
        <translation>地图上的整块区域</translation>
    </message>
    <message>
        <source>Held out {}: {} {}; with longitude and latitude alone {}</source>
        <translation>留出{}：{} {}；仅用经纬度时为 {}</translation>
    </message>
    <message>
        <source>This place is not in the layer any more.</source>
        <translation>该地点已不在图层中。</translation>
    </message>
    <message>
        <source>Cluster embeddings</source>
        <translation>对嵌入聚类</translation>
    </message>
    <message>
        <source>k-means,HDBSCAN,unsupervised,classification,segmentation,embedding</source>
        <translation>k-means,HDBSCAN,聚类,非监督,分类,分割,嵌入,embedding</translation>
    </message>
    <message>
        <source>Groups places whose vectors are alike, with no examples.

Embeddings: a raster made by “Embed imagery”, or a published one such as AlphaEarth or TESSERA.

Method: k-means makes as many groups as you say; HDBSCAN finds how many there are and leaves out what belongs to none. The same seed gives the same groups.

Result: a class map with colours and names, the largest group first.</source>
        <translation>将向量相似的地方归为一组，无需示例。

嵌入：由“生成影像嵌入”得到的栅格，或已发布的嵌入，例如 AlphaEarth 或 TESSERA。

方法：k-means 按您给出的数目分组；HDBSCAN 自行找出组数，并略去不属于任何组的部分。随机种子相同，分组也相同。

结果：带颜色和名称的分类图，最大的组排在最前。</translation>
    </message>
    <message>
        <source>Method</source>
        <translation>方法</translation>
    </message>
    <message>
        <source>Groups (k-means)</source>
        <translation>组数 (k-means)</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>随机种子</translation>
    </message>
    <message>
        <source>Clusters</source>
        <translation>聚类</translation>
    </message>
    <message>
        <source>Clusters of a table</source>
        <translation>表格的聚类</translation>
    </message>
    <message>
        <source>Change between embeddings of two dates</source>
        <translation>两个日期的嵌入之间的变化</translation>
    </message>
    <message>
        <source>change detection,cosine,bitemporal,two dates,embedding</source>
        <translation>变化检测,余弦,双时相,两个日期,嵌入,embedding</translation>
    </message>
    <message>
        <source>Compares what places look like at two dates, by the vectors of one model on one grid.

Result: 0 where a place looks the same, more the more it changed (1 minus the cosine of both vectors).</source>
        <translation>用同一模型、同一格网上的向量，比较各处在两个日期的外观。

结果：外观相同处为 0，变化越大数值越大（1 减去两个向量的余弦）。</translation>
    </message>
    <message>
        <source>Embeddings of the later date</source>
        <translation>较晚日期的嵌入</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>变化</translation>
    </message>
    <message>
        <source>Embed imagery</source>
        <translation>生成影像嵌入</translation>
    </message>
    <message>
        <source>embedding,vector,feature,foundation model,AlphaEarth,DINO,CLIP,false colour,AI</source>
        <translation>嵌入,向量,特征,基础模型,embedding,AlphaEarth,DINO,CLIP,假彩色,人工智能,AI</translation>
    </message>
    <message>
        <source>Turns imagery into embeddings: a vector for every block of pixels, that says what it looks like.

Image: a raster file of any size. Models of three colours read it as the layer is shown; models of many bands read it as delivered and find their bands by name or wavelength, or in the order you give.

Block: the pixels along the side of a block; 0 is the finest the model has.

Result: a raster with a band for each number of the vector (one byte each, or 32-bit floats), with the model&apos;s name in it; beside it a false-colour picture, a STAC item and a record of the run. A run that is stopped goes on where it was when it is started again.

Search it, cluster it or classify it with the other algorithms of this group.</source>
        <translation>把影像转换为嵌入：每个像素块一个向量，描述其外观。

影像：任意大小的栅格文件。三色模型按图层的显示方式读取；多波段模型按原始数据读取，并按名称、波长或您给出的顺序寻找所需波段。

像素块：像素块一边的像素数；0 为模型最细的一级。

结果：向量的每个数值对应一个波段的栅格（各占一个字节，或为 32 位浮点数），其中写有模型名称；旁边有假彩色图、STAC 条目和运行记录。停止的运行再次启动时会从停止处继续。

可用本组的其他算法在其中查找、对其聚类或分类。</translation>
    </message>
    <message>
        <source>Block (pixels; 0: the model&apos;s own)</source>
        <translation>像素块（像素；0：模型自己的值）</translation>
    </message>
    <message>
        <source>Numbers</source>
        <translation>数值格式</translation>
    </message>
    <message>
        <source>Embeddings</source>
        <translation>嵌入</translation>
    </message>
    <message>
        <source>Embeddings are written as GeoTIFF; let the name end in .tif.</source>
        <translation>嵌入写为 GeoTIFF；文件名请以 .tif 结尾。</translation>
    </message>
    <message>
        <source>Embed chips</source>
        <translation>生成切片嵌入</translation>
    </message>
    <message>
        <source>embedding,vector,chip,patch,GeoParquet,Clay,Major TOM,AI</source>
        <translation>嵌入,向量,切片,embedding,GeoParquet,Clay,Major TOM,人工智能,AI</translation>
    </message>
    <message>
        <source>Cuts imagery into square chips and turns each into one vector.

Size and stride are in pixels; chips overlap where the stride is smaller than the size. Chips without data are left out.

Result: GeoParquet with a row a chip (its outline, its vector), and beside it a STAC item and a record of the run. Search and cluster it with the other algorithms of this group.</source>
        <translation>把影像裁成正方形切片，并将每个切片转换为一个向量。

边长和间距以像素计；间距小于边长时，切片相互重叠。没有数据的切片会略去。

结果：每个切片一行的 GeoParquet（含轮廓和向量），旁边有 STAC 条目和运行记录。可用本组的其他算法在其中查找或对其聚类。</translation>
    </message>
    <message>
        <source>Side of a chip (pixels)</source>
        <translation>切片边长（像素）</translation>
    </message>
    <message>
        <source>From chip to chip (pixels; not set: the side)</source>
        <translation>切片间距（像素；不设：等于边长）</translation>
    </message>
    <message>
        <source>Vectors of chips</source>
        <translation>切片的向量</translation>
    </message>
    <message>
        <source>Vectors of chips are written as Parquet; let the name end in .parquet.</source>
        <translation>切片的向量写为 Parquet；文件名请以 .parquet 结尾。</translation>
    </message>
    <message>
        <source>embeddings.html</source>
        <translation>embeddings_zh_CN.html</translation>
    </message>
    <message>
        <source>Say where the result for a table of vectors goes.</source>
        <translation>请指定向量表格的结果保存到何处。</translation>
    </message>
    <message>
        <source>Embeddings (raster or Parquet file)</source>
        <translation>嵌入（栅格或 Parquet 文件）</translation>
    </message>
    <message>
        <source>There is no file of embeddings “{}”; choose another.</source>
        <translation>没有嵌入文件“{}”；请另选一个。</translation>
    </message>
    <message>
        <source>Area (none: all)</source>
        <translation>区域（不设：全部）</translation>
    </message>
    <message>
        <source>An area is for a raster of embeddings; leave it out for a table.</source>
        <translation>区域只用于嵌入栅格；使用表格时请不要设置。</translation>
    </message>
    <message>
        <source>Classify embeddings from a few examples</source>
        <translation>按少量示例对嵌入分类</translation>
    </message>
    <message>
        <source>classification,land cover,few-shot,linear probe,training,supervised,embedding,AI</source>
        <translation>分类,土地覆盖,少样本,线性探测,训练,监督,嵌入,embedding,人工智能,AI</translation>
    </message>
    <message>
        <source>Learns classes from a few examples and maps them.

Examples: points or polygons in any CRS with the class in a field; five of each class are a good start. Or a classifier saved earlier, for embeddings of the same model: another date, another place.

Result: a class map with colours and names; if wanted, how sure each place is, and the classifier as a small file. The log says how well examples left out were told.</source>
        <translation>由少量示例学习类别并制图。

示例：点或多边形，可使用任意坐标参考系 (CRS)，类别写在一个字段中；每类五个是不错的开始。也可用先前保存的分类器，用于同一模型的嵌入：其他日期、其他地点。

结果：带颜色和名称的分类图；如有需要，还有每处的置信度，以及保存为小文件的分类器。日志会说明留出的示例判别得如何。</translation>
    </message>
    <message>
        <source>Examples</source>
        <translation>示例</translation>
    </message>
    <message>
        <source>Field with the class</source>
        <translation>类别字段</translation>
    </message>
    <message>
        <source>Or a saved classifier</source>
        <translation>或已保存的分类器</translation>
    </message>
    <message>
        <source>Classifiers (*.json)</source>
        <translation>分类器 (*.json)</translation>
    </message>
    <message>
        <source>Classes</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>Classes of a table</source>
        <translation>表格的类别</translation>
    </message>
    <message>
        <source>Confidence</source>
        <translation>置信度</translation>
    </message>
    <message>
        <source>Classifier</source>
        <translation>分类器</translation>
    </message>
    <message>
        <source>Give either examples or a saved classifier.</source>
        <translation>请给出示例或已保存的分类器，二者选一。</translation>
    </message>
    <message>
        <source>Say which field of the examples holds the class.</source>
        <translation>请指定示例中的类别字段。</translation>
    </message>
    <message>
        <source>Names of all bands in order, for models of many bands: B02; B03; …</source>
        <translation>按顺序列出的全部波段名称，用于多波段模型：B02; B03; …</translation>
    </message>
    <message>
        <source>Gain that makes 10000 of full reflectance, for models of many bands (0: none)</source>
        <translation>增益，使全反射为 10000，用于多波段模型（0：无）</translation>
    </message>
    <message>
        <source>Offset added after it (-1000 for newer Sentinel-2 products)</source>
        <translation>增益之后所加的偏移（较新的 Sentinel-2 产品为 -1000）</translation>
    </message>
    <message>
        <source>Sending the files to the backend on {}</source>
        <translation>正在把文件发送到 {} 上的后端</translation>
    </message>
    <message>
        <source>“{}” cannot be handed to the backend: {}</source>
        <translation>无法把“{}”交给后端：{}</translation>
    </message>
    <message>
        <source>Embed places</source>
        <translation>生成地点嵌入</translation>
    </message>
    <message>
        <source>Places</source>
        <translation>地点</translation>
    </message>
    <message>
        <source>SatCLIP,GeoCLIP,location encoder,coordinates,interpolation,prediction,embedding,AI</source>
        <translation>SatCLIP,GeoCLIP,位置编码器,坐标,插值,预测,嵌入,embedding,人工智能,AI</translation>
    </message>
    <message>
        <source>Describes places by vectors, from longitude and latitude alone.

Points, no area: a table with a vector for each point.

Area, no points: a raster of vectors; with a place to compare with, how like it every place is.

Points with a field to predict, and an area or points to predict at: what the field would be there, with an honest score: parts of the map are held out whole.

The area is cut into cells of the step given, in degrees.</source>
        <translation>仅凭经纬度，用向量描述地点。

有点、无区域：每个点一个向量的表格。

有区域、无点：向量栅格；给出要比较的地点时，为各处与它的相似度。

有点及要预测的字段，并给出区域或要预测的点：给出该字段在那里的预测值和如实的得分（评估时留出地图上的整块区域）。

区域按给出的步长（以度计）划分为单元。</translation>
    </message>
    <message>
        <source>There are no places; give points or an area.</source>
        <translation>没有地点；请给出点或区域。</translation>
    </message>
    <message>
        <source>the raster</source>
        <translation>栅格</translation>
    </message>
    <message>
        <source>the table</source>
        <translation>表格</translation>
    </message>
    <message>
        <source>Say where {} goes.</source>
        <translation>请指定{}的保存位置。</translation>
    </message>
    <message>
        <source>Points</source>
        <translation>点</translation>
    </message>
    <message>
        <source>Area</source>
        <translation>区域</translation>
    </message>
    <message>
        <source>Side of a cell (degrees)</source>
        <translation>单元边长（度）</translation>
    </message>
    <message>
        <source>Place to compare with</source>
        <translation>要比较的地点</translation>
    </message>
    <message>
        <source>Field to predict</source>
        <translation>要预测的字段</translation>
    </message>
    <message>
        <source>Points to predict at</source>
        <translation>要预测的点</translation>
    </message>
    <message>
        <source>Predict by</source>
        <translation>预测方法</translation>
    </message>
    <message>
        <source>GeoParquet (*.parquet);;GeoPackage, predictions only (*.gpkg)</source>
        <translation>GeoParquet (*.parquet);;GeoPackage，仅用于预测 (*.gpkg)</translation>
    </message>
    <message>
        <source>Raster of the area</source>
        <translation>区域的栅格</translation>
    </message>
    <message>
        <source>Table of the points</source>
        <translation>点的表格</translation>
    </message>
    <message>
        <source>Search embeddings</source>
        <translation>在嵌入中查找</translation>
    </message>
    <message>
        <source>similarity,nearest,retrieval,phrase,text,embedding,more like this,AI</source>
        <translation>相似度,最近邻,检索,短语,文本,嵌入,embedding,以图找图,人工智能,AI</translation>
    </message>
    <message>
        <source>Finds places that are like your examples, or that a phrase names.

Embeddings: a raster or a table of chips.

Examples: points or polygons on what you look for, in any CRS; with a label field, 1 is wanted and 0 unwanted.

Phrase: for embeddings of models that were taught with texts.

Result: ranked places as polygons with their score, the best first; for a raster also how like every place is. Of places closer to each other than the distance given, the best is kept.</source>
        <translation>查找与您的示例相似、或由短语所指的地点。

嵌入：栅格，或切片的表格。

示例：位于要查找之物上的点或多边形，可使用任意坐标参考系 (CRS)；使用标签字段时，1 表示要找的，0 表示不要的。

短语：用于以文本训练过的模型的嵌入。

结果：按得分排序的地点，为带得分的多边形，最好的在前；对于栅格，还有每处的相似度。彼此距离小于给定值的地点，只保留最好的一个。</translation>
    </message>
    <message>
        <source>Field with 1 for wanted, 0 for unwanted</source>
        <translation>标签字段（要找的为 1，不要的为 0）</translation>
    </message>
    <message>
        <source>Phrase</source>
        <translation>短语</translation>
    </message>
    <message>
        <source>Score from which a place counts (not set: as suits the examples)</source>
        <translation>地点的起算得分（不设：按示例而定）</translation>
    </message>
    <message>
        <source>Most places</source>
        <translation>最多地点数</translation>
    </message>
    <message>
        <source>Of places closer than this keep the best (m)</source>
        <translation>距离小于此值的地点只保留最好的 (m)</translation>
    </message>
    <message>
        <source>Places found</source>
        <translation>找到的地点</translation>
    </message>
    <message>
        <source>Similarity</source>
        <translation>相似度</translation>
    </message>
    <message>
        <source>Number of places</source>
        <translation>地点数量</translation>
    </message>
    <message>
        <source>There is nothing to look for; give examples or a phrase.</source>
        <translation>没有要查找的内容；请给出示例或短语。</translation>
    </message>
    <message>
        <source>Places: {name}</source>
        <translation>地点：{name}</translation>
    </message>
    <message>
        <source>False colour of the clusters</source>
        <translation>聚类的假彩色</translation>
    </message>
    <message>
        <source>Change until {other}</source>
        <translation>到 {other} 为止的变化</translation>
    </message>
    <message>
        <source>“{}” is there already; choose another name.</source>
        <translation>“{}”已存在；请换一个名称。</translation>
    </message>
    <message>
        <source>“{}” cannot be read as a map of classes; save it as a GeoTIFF first.</source>
        <translation>无法将“{}”作为分类图读取；请先将其另存为 GeoTIFF。</translation>
    </message>
    <message>
        <source>“{}” comes from a server, as a picture; save it as a GeoTIFF of classes first.</source>
        <translation>“{}”是服务器提供的图像；请先将其另存为分类 GeoTIFF。</translation>
    </message>
    <message>
        <source>Labels of {}</source>
        <translation>{} 的标签</translation>
    </message>
    <message>
        <source>no class yet</source>
        <translation>尚无类别</translation>
    </message>
    <message>
        <source>changed</source>
        <translation>变化</translation>
    </message>
    <message>
        <source>There is no pair in “{}”; run it again.</source>
        <translation>“{}”中没有影像对；请重新运行。</translation>
    </message>
    <message>
        <source>Change mask</source>
        <translation>变化掩膜</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>变化前</translation>
    </message>
    <message>
        <source>After, time {}</source>
        <translation>变化后，时相 {}</translation>
    </message>
    <message>
        <source>After</source>
        <translation>变化后</translation>
    </message>
    <message>
        <source>Labels before</source>
        <translation>变化前标签</translation>
    </message>
    <message>
        <source>Labels after, time {}</source>
        <translation>变化后标签，时相 {}</translation>
    </message>
    <message>
        <source>Labels after</source>
        <translation>变化后标签</translation>
    </message>
    <message>
        <source>Of a pair that was made with Toposcope.</source>
        <translation>属于由 Toposcope 生成的影像对。</translation>
    </message>
    <message>
        <source>There is no map of change in “{}”; run it again.</source>
        <translation>“{}”中没有变化图；请重新运行。</translation>
    </message>
    <message>
        <source>Changed areas</source>
        <translation>变化区域</translation>
    </message>
    <message>
        <source>Probability of change</source>
        <translation>变化概率</translation>
    </message>
    <message>
        <source>changed otherwise</source>
        <translation>其他变化</translation>
    </message>
    <message>
        <source>Change between two dates, found with Toposcope.</source>
        <translation>由 Toposcope 检测到的两个日期之间的变化。</translation>
    </message>
    <message>
        <source>The pictures lie on each other: shift {x} px across, {y} px down.</source>
        <translation>两幅影像已对齐：横向偏移 {x} 像素，纵向偏移 {y} 像素。</translation>
    </message>
    <message>
        <source>The light of both pictures was left as it is.</source>
        <translation>两幅影像的光照均保持原样。</translation>
    </message>
    <message>
        <source>The light of both pictures was left as it is: too little is unchanged to match it.</source>
        <translation>两幅影像的光照均保持原样：未变化之处太少，无法匹配。</translation>
    </message>
    <message>
        <source>The later picture was brought to the light of the earlier one: times {}, {}.</source>
        <translation>较晚影像的光照已调整到与较早影像一致：乘以 {}，偏移 {}。</translation>
    </message>
    <message>
        <source>bare land</source>
        <translation>裸地</translation>
    </message>
    <message>
        <source>rangeland</source>
        <translation>草地</translation>
    </message>
    <message>
        <source>developed space</source>
        <translation>硬化地面</translation>
    </message>
    <message>
        <source>road</source>
        <translation>道路</translation>
    </message>
    <message>
        <source>tree</source>
        <translation>树木</translation>
    </message>
    <message>
        <source>water</source>
        <translation>水体</translation>
    </message>
    <message>
        <source>agriculture land</source>
        <translation>农田</translation>
    </message>
    <message>
        <source>building</source>
        <translation>建筑</translation>
    </message>
    <message>
        <source>SYNTHETIC (AI-generated), not an observation.</source>
        <translation>合成（由 AI 生成），并非实际观测。</translation>
    </message>
    <message>
        <source>SYNTHETIC: AI-generated, not an observation</source>
        <translation>合成：由 AI 生成，并非实际观测</translation>
    </message>
    <message>
        <source>Make change pairs (synthetic)</source>
        <translation>生成变化影像对（合成）</translation>
    </message>
    <message>
        <source>Changen2,diffusion,synthetic,training data,change detection,bitemporal,data set,AI</source>
        <translation>Changen2,扩散模型,合成,训练数据,变化检测,双时相,数据集,样本,人工智能,AI</translation>
    </message>
    <message>
        <source>There are no labels; choose a raster of classes, or polygons.</source>
        <translation>没有标签；请选择分类栅格或多边形。</translation>
    </message>
    <message>
        <source>“{}” has no column “{}”; name the one of its classes.</source>
        <translation>“{}”没有列“{}”；请指定其类别列。</translation>
    </message>
    <message>
        <source>What goes becomes (none: what lies around it)</source>
        <translation>消失之处变为（不设：与周围相同）</translation>
    </message>
    <message>
        <source>Labels: a raster of classes, or polygons</source>
        <translation>标签：分类栅格或多边形</translation>
    </message>
    <message>
        <source>Column of the polygons&apos; classes</source>
        <translation>多边形的类别列</translation>
    </message>
    <message>
        <source>What happens</source>
        <translation>变化事件</translation>
    </message>
    <message>
        <source>Class of what comes or goes</source>
        <translation>出现或消失的对象的类别</translation>
    </message>
    <message>
        <source>Objects at most</source>
        <translation>最多对象数</translation>
    </message>
    <message>
        <source>Objects at least</source>
        <translation>最少对象数</translation>
    </message>
    <message>
        <source>Chance of each object (swap, instances)</source>
        <translation>每个对象的概率（swap、instances）</translation>
    </message>
    <message>
        <source>Pairs</source>
        <translation>影像对数量</translation>
    </message>
    <message>
        <source>Times (two make a pair, more a sequence)</source>
        <translation>时相数（两个为一对，更多则为序列）</translation>
    </message>
    <message>
        <source>Side of a pair in pixels (0: the whole area)</source>
        <translation>影像对边长（像素；0：整个区域）</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>步数</translation>
    </message>
    <message>
        <source>What classes look like (chalet=building; …)</source>
        <translation>各类别的外观（木屋=building; …）</translation>
    </message>
    <message>
        <source>What may become what in a swap (none: as published)</source>
        <translation>swap 的转换表（不设：按已发布的表）</translation>
    </message>
    <message>
        <source>Share for validation</source>
        <translation>验证集比例</translation>
    </message>
    <message>
        <source>Share for testing</source>
        <translation>测试集比例</translation>
    </message>
    <message>
        <source>Pixel on the ground (m; 0: as the georeference says)</source>
        <translation>像素的地面尺寸（m；0：按地理参考）</translation>
    </message>
    <message>
        <source>Folder of the pairs (synthetic)</source>
        <translation>影像对的文件夹（合成）</translation>
    </message>
    <message>
        <source>Detect change between two images</source>
        <translation>检测两幅影像之间的变化</translation>
    </message>
    <message>
        <source>change detection,bitemporal,two dates,AnyChange,ChangeStar,probability,AI</source>
        <translation>变化检测,双时相,两个日期,AnyChange,ChangeStar,概率,人工智能,AI</translation>
    </message>
    <message>
        <source>Polygons are written as GeoPackage; let the name end in .gpkg.</source>
        <translation>多边形写为 GeoPackage；文件名请以 .gpkg 结尾。</translation>
    </message>
    <message>
        <source>Classes, phrases with semicolons between them</source>
        <translation>类别（以分号隔开的短语）</translation>
    </message>
    <message>
        <source>Model (none: the method&apos;s own)</source>
        <translation>模型（不设：方法默认的模型）</translation>
    </message>
    <message>
        <source>Image before</source>
        <translation>变化前影像</translation>
    </message>
    <message>
        <source>Image after</source>
        <translation>变化后影像</translation>
    </message>
    <message>
        <source>Find change by</source>
        <translation>变化检测方法</translation>
    </message>
    <message>
        <source>Probability from which a place counts as changed</source>
        <translation>视为变化的起算概率</translation>
    </message>
    <message>
        <source>Align the later image</source>
        <translation>对齐较晚影像</translation>
    </message>
    <message>
        <source>Light of the later image</source>
        <translation>较晚影像的光照</translation>
    </message>
    <message>
        <source>Smallest polygon (m²; pixels without a georeference)</source>
        <translation>最小多边形（m²；没有地理参考时以像素计）</translation>
    </message>
    <message>
        <source>CSV (*.csv)</source>
        <translation>CSV (*.csv)</translation>
    </message>
    <message>
        <source>Generate imagery (synthetic)</source>
        <translation>生成影像（合成）</translation>
    </message>
    <message>
        <source>Synthetic imagery</source>
        <translation>合成影像</translation>
    </message>
    <message>
        <source>MetaEarth,diffusion,super-resolution,synthetic,tiles,XYZ,MBTiles,Blue Marble,AI</source>
        <translation>MetaEarth,扩散模型,超分辨率,合成,瓦片,XYZ,MBTiles,Blue Marble,蓝色弹珠,人工智能,AI</translation>
    </message>
    <message>
        <source>Paints a region 4, 16 or 64 times finer than its source, at any size and without seams. What is added is invented by a diffusion model: the result is synthetic, is no observation, and says so in its name and in the file.

Image: a raster file, read as the layer is shown. Without one, the Blue Marble picture of the whole earth that comes with Toposcope; the area says where then.

Area, mask: a rectangle, or polygons outside which nothing is painted.

Seed: the same seed gives the same pixels, and a larger area the same pixels where areas overlap.

Result: a GeoTIFF on the source&apos;s grid, each of its pixels covered by exactly 4 x 4, 16 x 16 or 64 x 64; beside it the levels before the last, a record of the run and, if wanted, map tiles. A run that is stopped goes on where it was when it is started again.</source>
        <translation>以比数据源细 4、16 或 64 倍的分辨率绘制一个区域，大小不限，没有接缝。增加的细节由扩散模型虚构：结果为合成影像，并非实际观测，名称和文件中均有注明。

影像：栅格文件，按图层的显示方式读取。不设时使用 Toposcope 自带的全球 Blue Marble 影像；此时由区域指明位置。

区域、掩膜：矩形，或多边形；多边形之外不绘制。

随机种子：随机种子相同，像素也相同；区域扩大时，重叠处的像素不变。

结果：与数据源格网对齐的 GeoTIFF，数据源的每个像素恰好对应 4 x 4、16 x 16 或 64 x 64 个像素；旁边有中间各级影像、运行记录，如有需要还有地图瓦片。停止的运行再次启动时会从停止处继续。</translation>
    </message>
    <message>
        <source>Without an image, give an area: it says which part of the earth.</source>
        <translation>不设影像时，请给出区域，以指明地球上的位置。</translation>
    </message>
    <message>
        <source>Imagery is written as GeoTIFF; let the name end in .tif.</source>
        <translation>影像写为 GeoTIFF；文件名请以 .tif 结尾。</translation>
    </message>
    <message>
        <source>Pixel of the image on the ground (m; 0: as its georeference says)</source>
        <translation>影像像素的地面尺寸（m；0：按其地理参考）</translation>
    </message>
    <message>
        <source>Fresh noise at each step (0: DDIM)</source>
        <translation>每步新增的噪声（0：DDIM）</translation>
    </message>
    <message>
        <source>Keep the image&apos;s colours</source>
        <translation>保持影像的颜色</translation>
    </message>
    <message>
        <source>Image (none: Blue Marble, anywhere on earth)</source>
        <translation>影像（不设：Blue Marble，地球上任意位置）</translation>
    </message>
    <message>
        <source>Polygons to paint within</source>
        <translation>绘制范围多边形</translation>
    </message>
    <message>
        <source>Scale</source>
        <translation>放大倍数</translation>
    </message>
    <message>
        <source>Map tiles</source>
        <translation>地图瓦片</translation>
    </message>
    <message>
        <source>Windows</source>
        <translation>窗口拼接</translation>
    </message>
    <message>
        <source>Generated imagery (synthetic)</source>
        <translation>生成的影像（合成）</translation>
    </message>
    <message>
        <source>Removed while it was added.</source>
        <translation>添加期间被移除。</translation>
    </message>
    <message>
        <source>map tiles (MBTiles)</source>
        <translation>地图瓦片 (MBTiles)</translation>
    </message>
    <message>
        <source>map tiles (XYZ)</source>
        <translation>地图瓦片 (XYZ)</translation>
    </message>
    <message>
        <source>change.html</source>
        <translation>change_zh_CN.html</translation>
    </message>
    <message>
        <source>generate.html</source>
        <translation>generate_zh_CN.html</translation>
    </message>
    <message>
        <source>Only buildings that come or go are looked for.</source>
        <translation>仅查找新增或消失的建筑物。</translation>
    </message>
    <message>
        <source>Painted around objects (m; 0: nothing)</source>
        <translation>对象周围一并绘制的宽度(米；0：不绘制)</translation>
    </message>
    <message>
        <source>Finds what changed between two images of a place. They may have different grids: the later one is put on the earlier one&apos;s, moved where both show the same things side by side, and brought to the same light.

By distance: how far the embeddings of a place lie apart; any model that embeds. By segments: segments of both dates that are matched; any model that segments. By detector: a network that learnt it; it alone can look for buildings that come or go and leave out other change.

Classes: phrases with semicolons between them, from which and to which a place changed, where the method knows no classes.

Results: the probability of change of every pixel, polygons from the threshold on, and how much area became what.</source>
        <translation>查找同一地点的两幅影像之间的变化。两者的格网可以不同：较晚的影像会重采样到较早影像的格网；若两者的相同地物错开，则予以平移对齐，并将光照调整一致。

distance（距离）：同一处两个嵌入相距多远；可用任意生成嵌入的模型。segments（分割）：匹配两个日期的分割结果；可用任意分割模型。detector（检测器）：专门训练的变化检测网络；只有它能仅查找新增或消失的建筑物，不计其他变化。

类别：以分号隔开的短语，说明某处由何种类别变为何种类别；用于方法本身不识别类别时。

结果：每个像素的变化概率，达到阈值的多边形，以及各类别转换的面积。</translation>
    </message>
    <message>
        <source>Which change (building: by the detector alone)</source>
        <translation>哪种变化(building：仅检测器可用)</translation>
    </message>
    <message>
        <source>painted around, or no data</source>
        <translation>周围一并绘制，或无数据</translation>
    </message>
    <message>
        <source>Lets something happen on a map of classes, and paints it into the image: pairs of pictures before and after with the mask of what changed and the labels of both. The pictures after are synthetic and say so in the files; where the mask is 0 they have the image&apos;s own pixels, bit by bit.

Labels: a raster of classes on the image&apos;s grid, such as a class map of Ground, or polygons with a column of classes.

Remove, add, mix: objects of a class go, come, or both. Swap: land cover becomes another, by the published table of transitions or one of your own (field=house,wood;wood=field). Instances: objects of a map that numbers them go.

Painted around objects: so far around what changes is painted too, so that shadows go and come with houses. In the mask of changes these pixels are 255, neither changed nor unchanged.

What classes look like: where names do not say it (chalet=building;orchard rows=tree).

Result: a folder, new or empty. Of several pairs it is a data set: a folder a pair, lists for training, validation and testing by place, and a STAC catalogue. A run that is stopped goes on where it was when it is started again. The same seed makes the same pairs.</source>
        <translation>在分类图上模拟变化事件，并将其绘入影像：得到变化前后的影像对，附变化掩膜和两个时相的标签。变化后的影像为合成影像，文件中有注明；掩膜为 0 之处保留原影像的像素，逐位相同。

标签：与影像格网一致的分类栅格，例如短语定位得到的分类图；或带类别列的多边形。

remove（消失）、add（出现）、mix（兼有）：某一类别的对象消失、出现或两者兼有。swap（转换）：土地覆盖转换为另一种，按已发布的转换表或您自己的转换表（农田=房屋,林地;林地=农田）。instances（实例）：编号图中的对象消失。

对象周围一并绘制：变化区域周围这一宽度内也一并绘制，使阴影随房屋一同消失或出现。在变化掩膜中，这些像素为 255，既非变化也非未变化。

各类别的外观：用于名称本身不能说明外观的类别（木屋=building;果园行=tree）。

结果：一个新的或空的文件夹。有多对影像时为数据集：每对一个文件夹，附按地点划分的训练、验证和测试列表，以及 STAC 目录。停止的运行再次启动时会从停止处继续。随机种子相同，影像对也相同。</translation>
    </message>
</context>
<context>
    <name>Acceptance</name>
    <message>
        <source>Objects in {name}</source>
        <translation>{name} 中的对象</translation>
    </message>
</context>
<context>
    <name>Answer</name>
    <message>
        <source>Nothing was found. “{phrase}” came nearest, with a score of {score}.</source>
        <translation>没有找到任何内容。最接近的是“{phrase}”，得分 {score}。</translation>
    </message>
    <message>
        <source>{count} × {phrase}</source>
        <translation>{phrase} × {count}</translation>
    </message>
    <message>
        <source>Found: {objects}.</source>
        <translation>找到：{objects}。</translation>
    </message>
    <message>
        <source>By area: {phrases}.</source>
        <translation>按面积：{phrases}。</translation>
    </message>
    <message>
        <source>Phrase</source>
        <translation>短语</translation>
    </message>
    <message>
        <source>Area</source>
        <translation>面积</translation>
    </message>
    <message>
        <source>Share</source>
        <translation>占比</translation>
    </message>
    <message>
        <source>Objects</source>
        <translation>对象</translation>
    </message>
    <message>
        <source>Score</source>
        <translation>得分</translation>
    </message>
    <message>
        <source>… and {count} more</source>
        <translation>……还有 {count} 个</translation>
    </message>
    <message>
        <source>refine</source>
        <translation>细化</translation>
    </message>
    <message>
        <source>Looked at: {how}.</source>
        <translation>查看方式：{how}。</translation>
    </message>
    <message>
        <source>{share} of the pixels were read.</source>
        <translation>读取了 {share} 的像素。</translation>
    </message>
    <message>
        <source>Most relevant:</source>
        <translation>最相关之处：</translation>
    </message>
    <message>
        <source>{phrase} ({share}, confidence {score})</source>
        <translation>{phrase}（{share}，置信度 {score}）</translation>
    </message>
    <message>
        <source>The area shows {phrases}.</source>
        <translation>该区域显示：{phrases}。</translation>
    </message>
    <message>
        <source>Not found: {phrases}.</source>
        <translation>未找到：{phrases}。</translation>
    </message>
</context>
<context>
    <name>AnswerText</name>
    <message>
        <source>Open embeddings first.</source>
        <translation>请先打开嵌入。</translation>
    </message>
    <message>
        <source>The map does not show these embeddings; zoom to them.</source>
        <translation>地图没有显示这些嵌入；请缩放到其范围。</translation>
    </message>
    <message>
        <source>Scores {low} to {high}, answered in {time} ms.</source>
        <translation>得分 {low} 至 {high}，用时 {time} ms。</translation>
    </message>
    <message>
        <source>Learnt and answered in {time} ms.</source>
        <translation>学习并回答用时 {time} ms。</translation>
    </message>
    <message>
        <source>Saved classifier: {name}.</source>
        <translation>已保存的分类器：{name}。</translation>
    </message>
    <message>
        <source>Cross-validated accuracy {share} on {count} vectors</source>
        <translation>交叉验证准确率 {share}（{count} 个向量）</translation>
    </message>
    <message>
        <source>Write a phrase and press Enter.</source>
        <translation>请输入短语并按 Enter。</translation>
    </message>
    <message>
        <source>Show examples of two classes: choose one in the list, then click on the map.</source>
        <translation>请给出两个类别的示例：先在列表中选择类别，再在地图上单击。</translation>
    </message>
    <message>
        <source>Show a place that is wanted, too.</source>
        <translation>请也给出一个要找的地点。</translation>
    </message>
    <message>
        <source>Click on the map what you look for.</source>
        <translation>请在地图上单击要查找的内容。</translation>
    </message>
    <message>
        <source>Examples beside these embeddings, which do not count: {count}.</source>
        <translation>在这些嵌入之外、不予计入的示例：{count} 个。</translation>
    </message>
</context>
<context>
    <name>AreaPicker</name>
    <message>
        <source>Draw on the map</source>
        <translation>在地图上绘制</translation>
    </message>
    <message>
        <source>The layer whose selected polygons count</source>
        <translation>以此图层中选中的多边形为准</translation>
    </message>
    <message>
        <source>drawn</source>
        <translation>已绘制</translation>
    </message>
</context>
<context>
    <name>AskController</name>
    <message>
        <source>One phrase is asked at a time: “{phrase}”. Classes show several kinds at once.</source>
        <translation>每次只查找一个短语：“{phrase}”。用“类别”可同时显示多种内容。</translation>
    </message>
</context>
<context>
    <name>AskedChange</name>
    <message>
        <source>Choose an image of each date first.</source>
        <translation>请先为每个日期选择一幅影像。</translation>
    </message>
    <message>
        <source>Before and after are the same layer; choose another date.</source>
        <translation>变化前后是同一图层；请选择另一日期。</translation>
    </message>
    <message>
        <source>Change – {before} → {after}</source>
        <translation>变化 – {before} → {after}</translation>
    </message>
    <message>
        <source>“{after}” has no place where “{before}” lies; check both CRS.</source>
        <translation>“{after}”无法定位到“{before}”所在的位置；请检查两者的坐标参考系 (CRS)。</translation>
    </message>
</context>
<context>
    <name>AskedPairs</name>
    <message>
        <source>Choose an image first.</source>
        <translation>请先选择一幅影像。</translation>
    </message>
    <message>
        <source>Nothing says what is where; choose a class map or polygons, or draw polygons.</source>
        <translation>没有标签说明各处的类别；请选择分类图或多边形，或绘制多边形。</translation>
    </message>
    <message>
        <source>Choose the column of the polygons&apos; classes.</source>
        <translation>请选择多边形的类别列。</translation>
    </message>
    <message>
        <source>“{image}” cannot say what is where on itself; choose a class map or polygons.</source>
        <translation>“{image}”不能作为自身的标签；请选择分类图或多边形。</translation>
    </message>
    <message>
        <source>The middle of the map lies beside “{image}”; move it there.</source>
        <translation>地图中央不在“{image}”上；请将地图移到该影像上。</translation>
    </message>
    <message>
        <source>Preview – {image}</source>
        <translation>预览 – {image}</translation>
    </message>
    <message>
        <source>Pairs – {image}</source>
        <translation>影像对 – {image}</translation>
    </message>
    <message>
        <source>Pairs, {what} – {image}</source>
        <translation>影像对，{what} – {image}</translation>
    </message>
</context>
<context>
    <name>Backend</name>
    <message>
        <source>Outline</source>
        <translation>轮廓</translation>
    </message>
    <message>
        <source>exact follows pixel edges; orthogonal suits buildings, circle tanks and silos.</source>
        <translation>“像素边缘”沿像素边界；“直角”适合建筑物，“圆形”适合储罐和筒仓。</translation>
    </message>
    <message>
        <source>Smallest part or hole</source>
        <translation>最小部分或孔洞</translation>
    </message>
    <message>
        <source>Smaller parts are left out and smaller holes filled; in pixels where the ground size is unknown.</source>
        <translation>更小的部分被舍去，更小的孔洞被填充；地面尺寸未知时以像素计。</translation>
    </message>
    <message>
        <source>Fill holes</source>
        <translation>填充孔洞</translation>
    </message>
    <message>
        <source>Keep the largest part only</source>
        <translation>仅保留最大部分</translation>
    </message>
    <message>
        <source>Simplify</source>
        <translation>简化</translation>
    </message>
    <message>
        <source>How far a smooth outline may move to save corners.</source>
        <translation>为减少折点，平滑轮廓允许偏移的距离。</translation>
    </message>
    <message>
        <source>Segment objects</source>
        <translation>分割对象</translation>
    </message>
    <message>
        <source>Classic (no training)</source>
        <translation>Classic（无需训练）</translation>
    </message>
    <message>
        <source>Colour, texture and edges; works on any image with no download.</source>
        <translation>基于颜色、纹理和边缘；适用于任意影像，无需下载。</translation>
    </message>
    <message>
        <source>Mini (compact, offline)</source>
        <translation>Mini（小巧，离线可用）</translation>
    </message>
    <message>
        <source>Works offline from the first click. For better outlines download a hub model on the Models page.</source>
        <translation>第一次单击起即可离线使用。若要更好的轮廓，请在“模型”页下载 Hub 模型。</translation>
    </message>
    <message>
        <source>Vectors of aerial imagery of 0.1 to 0.15 m; import the file that the recipe in docs/mini.md makes.</source>
        <translation>用于 0.1 至 0.15 米航空影像的特征向量；请按 docs/mini.md 中的步骤生成文件后导入。</translation>
    </message>
    <message>
        <source>Class maps of any phrase in English, without training; install SimFeatUp too for sharp edges.</source>
        <translation>无需训练即可按任意英文短语绘制分类图；若要清晰的边缘，请同时安装 SimFeatUp。</translation>
    </message>
    <message>
        <source>CLIP of remote sensing; import a converted checkpoint. Its licence is unclear: check it first.</source>
        <translation>遥感版 CLIP；请导入转换后的检查点。其许可不明确：使用前请先核实。</translation>
    </message>
    <message>
        <source>Sharpens SegEarth-OV&apos;s maps along edges; import the file that docs/segearth.md describes.</source>
        <translation>使 SegEarth-OV 的分类图边缘清晰；请导入 docs/segearth.md 所述的文件。</translation>
    </message>
    <message>
        <source>The {tier} tier is not installed ({packages} missing); {way}.</source>
        <translation>{tier} 版未安装（缺少 {packages}）；{way}。</translation>
    </message>
    <message>
        <source>install the Full tier in Toposcope&apos;s installation panel</source>
        <translation>请在 Toposcope 的安装面板中安装完整版 (Full)</translation>
    </message>
    <message>
        <source>repair the installation</source>
        <translation>请修复安装</translation>
    </message>
    <message>
        <source>{title} runs on the CPU only.</source>
        <translation>{title} 只能在 CPU 上运行。</translation>
    </message>
    <message>
        <source>{title} is installed; its files are the ones the catalogue knows.</source>
        <translation>{title} 已安装；其文件与模型目录中登记的一致。</translation>
    </message>
    <message>
        <source>{title} is installed; not every checksum was known beforehand, the files&apos; own were recorded.</source>
        <translation>{title} 已安装；部分校验和事先未知，已记录文件自身的校验和。</translation>
    </message>
    <message>
        <source>The orthogonal outline does not fit this shape; the smooth one is shown.</source>
        <translation>直角轮廓不适合该形状；已改为显示平滑轮廓。</translation>
    </message>
    <message>
        <source>The rectangle outline does not fit this shape; the smooth one is shown.</source>
        <translation>矩形轮廓不适合该形状；已改为显示平滑轮廓。</translation>
    </message>
    <message>
        <source>The circle outline does not fit this shape; the smooth one is shown.</source>
        <translation>圆形轮廓不适合该形状；已改为显示平滑轮廓。</translation>
    </message>
    <message>
        <source>Nothing was found here; try another place or add a point.</source>
        <translation>此处没有找到对象；请换个位置或添加一个点。</translation>
    </message>
    <message>
        <source>Nothing was found; no polygon was made.</source>
        <translation>没有找到对象；未生成多边形。</translation>
    </message>
    <message>
        <source>It goes on beyond the part that was looked at; use a box around it to get it whole.</source>
        <translation>对象超出了所处理的范围；请用框包围它以得到完整对象。</translation>
    </message>
    <message>
        <source>No NVIDIA driver with a GPU was found.</source>
        <translation>没有找到带 GPU 的 NVIDIA 驱动程序。</translation>
    </message>
    <message>
        <source>Install the driver from NVIDIA if this machine has such a GPU.</source>
        <translation>如果本机有 NVIDIA GPU，请安装其驱动程序。</translation>
    </message>
    <message>
        <source>The installed PyTorch is a build for the CPU.</source>
        <translation>已安装的 PyTorch 是 CPU 版本。</translation>
    </message>
    <message>
        <source>Install the Full tier&apos;s CUDA variant.</source>
        <translation>请安装完整版 (Full) 的 CUDA 版本。</translation>
    </message>
    <message>
        <source>PyTorch for CUDA {version} cannot use the NVIDIA driver.</source>
        <translation>面向 CUDA {version} 的 PyTorch 无法使用当前的 NVIDIA 驱动程序。</translation>
    </message>
    <message>
        <source>Update the driver.</source>
        <translation>请更新驱动程序。</translation>
    </message>
    <message>
        <source>The installed onnxruntime is a build for the CPU.</source>
        <translation>已安装的 onnxruntime 是 CPU 版本。</translation>
    </message>
    <message>
        <source>Install the Core tier&apos;s CUDA variant.</source>
        <translation>请安装核心版 (Core) 的 CUDA 版本。</translation>
    </message>
    <message>
        <source>onnxruntime could not load its CUDA libraries.</source>
        <translation>onnxruntime 无法加载其 CUDA 库。</translation>
    </message>
    <message>
        <source>Install the Core tier&apos;s CUDA variant again.</source>
        <translation>请重新安装核心版 (Core) 的 CUDA 版本。</translation>
    </message>
    <message>
        <source>{name} returned a wrong product of two matrices.</source>
        <translation>{name} 的矩阵乘法结果有误。</translation>
    </message>
    <message>
        <source>Restart it.</source>
        <translation>请重新启动。</translation>
    </message>
    <message>
        <source>A first calculation on {name} failed ({reason}).</source>
        <translation>在 {name} 上的首次计算失败（{reason}）。</translation>
    </message>
    <message>
        <source>Update the NVIDIA driver, or install the variant made for this GPU.</source>
        <translation>请更新 NVIDIA 驱动程序，或安装适合该 GPU 的版本。</translation>
    </message>
    <message>
        <source>The CPU is used.</source>
        <translation>现使用 CPU。</translation>
    </message>
    <message>
        <source>The memory of {name} ran out; {title} now runs on the CPU, which is slower.</source>
        <translation>{name} 的显存已耗尽；{title} 现在改在 CPU 上运行，速度较慢。</translation>
    </message>
    <message>
        <source>Close other programs that use the GPU, or choose a smaller model.</source>
        <translation>请关闭占用 GPU 的其他程序，或选择更小的模型。</translation>
    </message>
    <message>
        <source>Object {number} of {count}</source>
        <translation>对象 {number}/{count}</translation>
    </message>
    <message>
        <source>Object {id}: {notice}</source>
        <translation>对象 {id}：{notice}</translation>
    </message>
    <message>
        <source>Writing</source>
        <translation>正在写入</translation>
    </message>
    <message>
        <source>Cancelling</source>
        <translation>正在取消</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>已取消</translation>
    </message>
    <message>
        <source>{file}: {done} of {total} MB, {rate} MB/s</source>
        <translation>{file}：{done}/{total} MB，{rate} MB/s</translation>
    </message>
    <message>
        <source>copying {file}</source>
        <translation>正在复制 {file}</translation>
    </message>
    <message>
        <source>checked</source>
        <translation>校验完成</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>回答方式</translation>
    </message>
    <message>
        <source>Objects one by one, a phrase for every pixel, or both as far as the phrases call for them.</source>
        <translation>逐个给出对象，为每个像素给出短语，或按短语的需要两者兼有。</translation>
    </message>
    <message>
        <source>Look at</source>
        <translation>查看方式</translation>
    </message>
    <message>
        <source>The whole from afar, regions, or every pixel; auto decides by the phrases.</source>
        <translation>从远处看整体、看各区域，或看每个像素；“自动”由短语决定。</translation>
    </message>
    <message>
        <source>Background</source>
        <translation>背景</translation>
    </message>
    <message>
        <source>auto leaves out what no phrase names; none gives every pixel its best phrase.</source>
        <translation>“自动”略去没有短语符合的部分；“无”为每个像素给出最佳短语。</translation>
    </message>
    <message>
        <source>Threshold</source>
        <translation>阈值</translation>
    </message>
    <message>
        <source>The score from which a place or an object counts.</source>
        <translation>位置或对象的起算得分。</translation>
    </message>
    <message>
        <source>Find by phrases</source>
        <translation>按短语查找</translation>
    </message>
    <message>
        <source>The phrases have {count} characters; at most {most} are read, a few words name a thing.</source>
        <translation>短语共有 {count} 个字符；最多读取 {most} 个，几个词即可说出一个事物。</translation>
    </message>
    <message>
        <source>There is no phrase; write what to look for, such as &apos;building; lake&apos;.</source>
        <translation>没有短语；请写出要查找的内容，例如“建筑；湖泊”。</translation>
    </message>
    <message>
        <source>{count} phrases are too many; give at most {most}.</source>
        <translation>{count} 个短语太多；最多给出 {most} 个。</translation>
    </message>
    <message>
        <source>The phrase {phrase} has {count} characters; say it in at most {most}.</source>
        <translation>短语 {phrase} 有 {count} 个字符；请用不超过 {most} 个字符表达。</translation>
    </message>
    <message>
        <source>The phrase {phrase} holds characters that are no text.</source>
        <translation>短语 {phrase} 含有不是文本的字符。</translation>
    </message>
    <message>
        <source>The phrase {phrase} holds no word; write what to look for.</source>
        <translation>短语 {phrase} 不含任何词；请写出要查找的内容。</translation>
    </message>
    <message>
        <source>The phrase {phrase} is {count} characters long; give at most {most}.</source>
        <translation>短语 {phrase} 长 {count} 个字符；最多 {most} 个。</translation>
    </message>
    <message>
        <source>{phrase} has letters in {script} script; write the phrase in English or Chinese.</source>
        <translation>{phrase} 含有 {script} 文字的字母；请用中文或英文书写短语。</translation>
    </message>
    <message>
        <source>{parts} in {phrase} is not understood; name it with another Chinese word, or in English.</source>
        <translation>不理解 {phrase} 中的 {parts}；请换一个中文词，或用英文表达。</translation>
    </message>
    <message>
        <source>The phrase {phrase} names nothing; write what to look for, as 游泳池 or “swimming pool”.</source>
        <translation>短语 {phrase} 没有指出任何事物；请写出要查找的内容，例如“游泳池”或“swimming pool”。</translation>
    </message>
    <message>
        <source>The example is too large; draw it around one thing.</source>
        <translation>示例太大；请只围绕一个事物绘制。</translation>
    </message>
    <message>
        <source>The example holds {way}.</source>
        <translation>示例{way}。</translation>
    </message>
    <message>
        <source>all there is to compare it with; draw a smaller one</source>
        <translation>占满了可供比较的全部内容；请绘制小一些的示例</translation>
    </message>
    <message>
        <source>The area holds not one pixel&apos;s centre; draw a larger one.</source>
        <translation>该区域不含任何像素中心；请绘制大一些的区域。</translation>
    </message>
    <message>
        <source>Loading {title}</source>
        <translation>正在加载 {title}</translation>
    </message>
    <message>
        <source>Part {number} of {count}</source>
        <translation>第 {number}/{count} 部分</translation>
    </message>
    <message>
        <source>Drawing objects</source>
        <translation>正在勾画对象</translation>
    </message>
    <message>
        <source>Finds what English phrases name, as boxes; an installed segmenter outlines them.</source>
        <translation>以框的形式找出英文短语所指的内容；由已安装的分割模型勾画轮廓。</translation>
    </message>
    <message>
        <source>Finds and outlines what short English phrases name; installed and removed with the SAM 3 tracker.</source>
        <translation>找出并勾画简短英文短语所指的内容；与 SAM 3 跟踪模型一同安装和移除。</translation>
    </message>
    <message>
        <source>Read closely</source>
        <translation>细读范围</translation>
    </message>
    <message>
        <source>Everything, or what a quick look from further away finds relevant to the phrases.</source>
        <translation>全部，或从远处粗看后认为与短语相关的部分。</translation>
    </message>
    <message>
        <source>Degrees</source>
        <translation>阶数</translation>
    </message>
    <message>
        <source>Finer waves follow finer detail.</source>
        <translation>波越细，细节越细。</translation>
    </message>
    <message>
        <source>Sharpen along edges</source>
        <translation>沿边缘锐化</translation>
    </message>
    <message>
        <source>Features are brought to finer resolution, guided by the image; takes longer.</source>
        <translation>以影像为引导，把特征提高到更细的分辨率；耗时更长。</translation>
    </message>
    <message>
        <source>Take out what all places share</source>
        <translation>去除各处共有的部分</translation>
    </message>
    <message>
        <source>A part of what the whole image has in common is taken out of every place before phrases are compared.</source>
        <translation>与短语比较之前，从每一处去除整幅影像共有的一部分。</translation>
    </message>
    <message>
        <source>Decoder</source>
        <translation>解码器</translation>
    </message>
    <message>
        <source>As finely as published</source>
        <translation>按论文的精细度</translation>
    </message>
    <message>
        <source>Every pixel has features of its own; takes many times longer.</source>
        <translation>每个像素都有自己的特征；耗时多出许多倍。</translation>
    </message>
    <message>
        <source>What answers phrases: features compared with text, or a decoder of its own where the model has one.</source>
        <translation>由什么回答短语：与文本比较的特征，或模型自带的解码器（如有）。</translation>
    </message>
    <message>
        <source>Draw things anew</source>
        <translation>重新勾画事物</translation>
    </message>
    <message>
        <source>The segmentation model is clicked in each thing and draws it; outlines are better, each takes a moment.</source>
        <translation>在每个事物中点击一次，由分割模型勾画；轮廓更好，每个需要片刻。</translation>
    </message>
    <message>
        <source>disputed: no licence in its repository, Apache-2.0 on mirrors</source>
        <translation>有争议：其代码库中没有许可证，镜像上为 Apache-2.0</translation>
    </message>
    <message>
        <source>cc (unspecific)</source>
        <translation>cc（未具体说明）</translation>
    </message>
    <message>
        <source>Sharpens Mini&apos;s answers to phrases along edges; one ships, import another in its place (docs/segearth.md).</source>
        <translation>沿边缘锐化 Mini 对短语的回答；自带一个，也可导入另一个代替（docs/segearth.md）。</translation>
    </message>
    <message>
        <source>Position on the globe, nothing learnt: the yardstick of location encoders.</source>
        <translation>地球上的位置，不含任何学习内容：位置编码器的基准。</translation>
    </message>
    <message>
        <source>Places as satellites see them; import a checkpoint, converted as in docs/places.md.</source>
        <translation>卫星所见的地点；请导入按 docs/places.md 转换的检查点。</translation>
    </message>
    <message>
        <source>Places as photographs show them; import the file made as docs/places.md says.</source>
        <translation>照片所示的地点；请导入按 docs/places.md 制作的文件。</translation>
    </message>
    <message>
        <source>The phrases have {count} words between commas; give at most {most}.</source>
        <translation>短语中以逗号分隔的词有 {count} 个；最多 {most} 个。</translation>
    </message>
    <message>
        <source>{title} is not installed, so edges are coarse; import it.</source>
        <translation>{title} 未安装，因此边缘较粗；请导入。</translation>
    </message>
    <message>
        <source>{title} has no pixel decoder here; choose the decoder auto or text.</source>
        <translation>{title} 在此没有像素解码器；请选择解码器“自动”或“按文本”。</translation>
    </message>
    <message>
        <source>The pixel decoder takes no upsample or remove_bias; leave them off, or choose the decoder text.</source>
        <translation>像素解码器不能沿边缘锐化，也不能去除各处共有的部分；请关闭它们，或选择解码器“按文本”。</translation>
    </message>
    <message>
        <source>{title} finds objects and has no features to sharpen; leave upsample and remove_bias off.</source>
        <translation>{title} 查找对象，没有可锐化的特征；请关闭沿边缘锐化和去除各处共有的部分。</translation>
    </message>
    <message>
        <source>There is no upsampler for the features of {title}; leave upsample off.</source>
        <translation>没有适用于 {title} 特征的上采样器；请关闭沿边缘锐化。</translation>
    </message>
    <message>
        <source>{phrase} is not English; write the phrase in English or Chinese.</source>
        <translation>{phrase} 不是英文；请用英文或中文写短语。</translation>
    </message>
    <message>
        <source>{words} may not be known to the model; where nothing fits, say it in other words, in English or Chinese.</source>
        <translation>模型可能不认识 {words}；若没有符合的内容，请换用其他英文或中文词语。</translation>
    </message>
    <message>
        <source>the middle of no cell of {count} pixels a side; draw a larger one</source>
        <translation>没有包含任何边长 {count} 像素的单元的中心；请绘制大一些的示例</translation>
    </message>
    <message>
        <source>An example shows what it is like from close by only; choose coverage full or leave the example out.</source>
        <translation>示例只能说明近看的样子；请把细读范围设为“全部”，或不用示例。</translation>
    </message>
    <message>
        <source>Part {number} of {count}, {share} of the pixels read</source>
        <translation>第 {number} 部分，共 {count} 部分，已读 {share} 的像素</translation>
    </message>
    <message>
        <source>{title} works at one resolution only; leave finest off.</source>
        <translation>{title} 只在一种分辨率下工作；请关闭“按论文的精细度”。</translation>
    </message>
    <message>
        <source>Cell</source>
        <translation>单元</translation>
    </message>
    <message>
        <source>Side of a raster&apos;s cell.</source>
        <translation>栅格单元的边长。</translation>
    </message>
    <message>
        <source>A byte a number</source>
        <translation>每个数值一个字节</translation>
    </message>
    <message>
        <source>A quarter of the size, as AlphaEarth stores vectors.</source>
        <translation>大小为四分之一，与 AlphaEarth 存储向量的方式相同。</translation>
    </message>
    <message>
        <source>Predict by</source>
        <translation>预测方法</translation>
    </message>
    <message>
        <source>Ridge regression, or the mean of the places whose vectors are most alike.</source>
        <translation>岭回归，或向量最相似的地点的平均值。</translation>
    </message>
    <message>
        <source>Numbers are codes</source>
        <translation>数字为代码</translation>
    </message>
    <message>
        <source>The column&apos;s numbers are codes of classes.</source>
        <translation>该列的数字是类别代码。</translation>
    </message>
    <message>
        <source>Not farther than</source>
        <translation>最远距离</translation>
    </message>
    <message>
        <source>From a place where the column is known; 0 predicts everywhere.</source>
        <translation>与该列已知地点的距离；0 表示处处都预测。</translation>
    </message>
    <message>
        <source>Blocks held out</source>
        <translation>留出的区块</translation>
    </message>
    <message>
        <source>Side of the blocks that the honest score holds out whole; 0 finds one that fits the places.</source>
        <translation>计算如实得分时整块留出的区块的边长；0 表示自动选择适合这些地点的边长。</translation>
    </message>
    <message>
        <source>What places look like from above, learnt from free maps of the world; works offline at once.</source>
        <translation>由免费的世界地图学得的各地俯视样貌；可立即离线使用。</translation>
    </message>
    <message>
        <source>Numbers in a vector</source>
        <translation>向量维数</translation>
    </message>
    <message>
        <source>More tell finer differences apart.</source>
        <translation>维数越多，可区分的差异越细。</translation>
    </message>
    <message>
        <source>Kernels</source>
        <translation>卷积核</translation>
    </message>
    <message>
        <source>Patches of the image itself, as MOSAIKS has them, or random numbers.</source>
        <translation>取自影像本身的小块（同 MOSAIKS），或随机数。</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>随机种子</translation>
    </message>
    <message>
        <source>The same seed gives the same vectors.</source>
        <translation>随机种子相同，向量也相同。</translation>
    </message>
    <message>
        <source>Colours and textures of the image itself, any number of bands; nothing to download, learnt in seconds.</source>
        <translation>影像自身的颜色和纹理，波段数不限；无需下载，数秒即可学成。</translation>
    </message>
    <message>
        <source>Vectors of any picture, learnt without labels: for likeness, clusters and few examples.</source>
        <translation>适用于任意图像的向量，不用标签学得：用于相似度、聚类和少样本分类。</translation>
    </message>
    <message>
        <source>Vectors of any picture that English phrases can be compared with.</source>
        <translation>适用于任意图像的向量，可与英文短语比较。</translation>
    </message>
    <message>
        <source>Vectors of any picture that phrases in many languages can be compared with.</source>
        <translation>适用于任意图像的向量，可与多种语言的短语比较。</translation>
    </message>
    <message>
        <source>Vectors of Sentinel data in all bands; import a checkpoint, converted as in docs/embedders.md.</source>
        <translation>Sentinel 数据全部波段的向量；请导入按 docs/embedders.md 转换的检查点。</translation>
    </message>
    <message>
        <source>Describe places</source>
        <translation>描述地点</translation>
    </message>
    <message>
        <source>Mini Places (compact, offline)</source>
        <translation>Mini Places（小巧，离线可用）</translation>
    </message>
    <message>
        <source>Search embeddings</source>
        <translation>在嵌入中查找</translation>
    </message>
    <message>
        <source>Most places</source>
        <translation>最多地点数</translation>
    </message>
    <message>
        <source>The best of them are kept.</source>
        <translation>保留其中最好的。</translation>
    </message>
    <message>
        <source>Distance between places (m)</source>
        <translation>地点间距 (m)</translation>
    </message>
    <message>
        <source>Of places that are closer to each other only the best is kept.</source>
        <translation>彼此更近的地点只保留最好的一个。</translation>
    </message>
    <message>
        <source>{count} of {all} examples lie outside {name} or on no data.</source>
        <translation>{all} 个示例中有 {count} 个在 {name} 之外或位于无数据处。</translation>
    </message>
    <message>
        <source>There are more regions than can be ranked at a time; the best {count} were. Raise the threshold.</source>
        <translation>区域太多，无法一次全部排序；已对最好的 {count} 个排序。请提高阈值。</translation>
    </message>
    <message>
        <source>There are {count} vectors; with faiss installed the search would be quicker. Every one was compared.</source>
        <translation>共有 {count} 个向量；安装 faiss 后查找会更快。已逐一比较。</translation>
    </message>
    <message>
        <source>Comparing</source>
        <translation>正在比较</translation>
    </message>
    <message>
        <source>Ranking places</source>
        <translation>正在为地点排序</translation>
    </message>
    <message>
        <source>Classify from a few examples</source>
        <translation>按少量示例分类</translation>
    </message>
    <message>
        <source>Group what is alike</source>
        <translation>将相似的归为一组</translation>
    </message>
    <message>
        <source>Method</source>
        <translation>方法</translation>
    </message>
    <message>
        <source>k-means makes as many groups as are asked for; HDBSCAN finds how many there are and leaves out the rest.</source>
        <translation>k-means 按要求的数目分组；HDBSCAN 自行找出组数，并略去其余部分。</translation>
    </message>
    <message>
        <source>Groups</source>
        <translation>组数</translation>
    </message>
    <message>
        <source>How many groups k-means makes.</source>
        <translation>k-means 分成多少组。</translation>
    </message>
    <message>
        <source>The same seed finds the same groups.</source>
        <translation>随机种子相同，分组也相同。</translation>
    </message>
    <message>
        <source>False colour</source>
        <translation>假彩色</translation>
    </message>
    <message>
        <source>A picture in which like places have like colours: principal components, or UMAP where it is installed.</source>
        <translation>相似的地方颜色也相近的图：用主成分，或用 UMAP（如已安装）。</translation>
    </message>
    <message>
        <source>Looking at part {number}</source>
        <translation>正在查看第 {number} 部分</translation>
    </message>
    <message>
        <source>Show every class twice at least, and it is said how well they are told apart.</source>
        <translation>每个类别至少给出两个示例，即可说明各类别区分得如何。</translation>
    </message>
    <message>
        <source>This classifier is too long to be kept from here; the few-shot job saves it.</source>
        <translation>此分类器太大，无法在此保存；可由少样本任务保存。</translation>
    </message>
    <message>
        <source>{count} of {all} examples lie outside {name} or on no data: {rows}.</source>
        <translation>{all} 个示例中有 {count} 个在 {name} 之外或位于无数据处：{rows}。</translation>
    </message>
    <message>
        <source>Embed</source>
        <translation>生成嵌入</translation>
    </message>
    <message>
        <source>Compare two dates</source>
        <translation>比较两个日期</translation>
    </message>
    <message>
        <source>Vectors of</source>
        <translation>向量对象</translation>
    </message>
    <message>
        <source>Blocks of pixels, as a raster, or chips, as polygons.</source>
        <translation>像素块（得到栅格），或切片（得到多边形）。</translation>
    </message>
    <message>
        <source>Block</source>
        <translation>像素块</translation>
    </message>
    <message>
        <source>Side of the block that gets a vector: a multiple of the model&apos;s own, which 0 stands for.</source>
        <translation>得到一个向量的像素块的边长：须为模型自身值的倍数；0 表示模型自身的值。</translation>
    </message>
    <message>
        <source>Chip</source>
        <translation>切片</translation>
    </message>
    <message>
        <source>Side of a chip.</source>
        <translation>切片的边长。</translation>
    </message>
    <message>
        <source>Chip to chip</source>
        <translation>切片间距</translation>
    </message>
    <message>
        <source>From one chip to the next; 0 is the chip&apos;s side.</source>
        <translation>一个切片到下一个的距离；0 表示等于切片边长。</translation>
    </message>
    <message>
        <source>Numbers</source>
        <translation>数值格式</translation>
    </message>
    <message>
        <source>A quarter of the size, as AlphaEarth stores them, or exact.</source>
        <translation>大小为四分之一（同 AlphaEarth 的存储方式），或精确值。</translation>
    </message>
    <message>
        <source>Gain</source>
        <translation>增益</translation>
    </message>
    <message>
        <source>What makes numbers 10000 times the reflectance, for models of many bands; 0 takes them as they are.</source>
        <translation>使数值为反射率的 10000 倍，用于多波段模型；0 表示按原值。</translation>
    </message>
    <message>
        <source>Offset</source>
        <translation>偏移</translation>
    </message>
    <message>
        <source>Added after the gain: -1000 for Sentinel-2 products from 2022 on that are stored with an offset.</source>
        <translation>在增益之后相加：对于 2022 年起带偏移存储的 Sentinel-2 产品为 -1000。</translation>
    </message>
    <message>
        <source>{name} lacks the bands {bands}; the model takes their means for them.</source>
        <translation>{name} 缺少波段 {bands}；模型以其平均值代替。</translation>
    </message>
    <message>
        <source>Learning from the picture</source>
        <translation>正在从影像学习</translation>
    </message>
    <message>
        <source>Tile {number} of {count}, {speed} tiles/s</source>
        <translation>图块 {number}/{count}，每秒 {speed} 个</translation>
    </message>
    <message>
        <source>Tile {number} of {count}</source>
        <translation>图块 {number}/{count}</translation>
    </message>
    <message>
        <source>Chip {number} of {count}</source>
        <translation>切片 {number}/{count}</translation>
    </message>
    <message>
        <source>{name} was made by {model}, which reads no phrases; embed with one that does ({able}), or show examples.</source>
        <translation>{name} 由 {model} 生成，该模型不读取短语；请用可读取短语的模型（{able}）生成嵌入，或给出示例。</translation>
    </message>
    <message>
        <source>{name} does not say what made it, so no phrase can be compared with it; show examples.</source>
        <translation>{name} 没有注明由什么模型生成，无法与短语比较；请给出示例。</translation>
    </message>
    <message>
        <source>{title} made {name} and would read phrases; install it first.</source>
        <translation>{name} 由 {title} 生成，该模型可读取短语；请先安装它。</translation>
    </message>
    <message>
        <source>The last {right} columns and {lower} rows of pixels are in no chip; a smaller stride takes more.</source>
        <translation>最后 {right} 列和 {lower} 行像素不在任何切片中；减小切片间距可包含更多。</translation>
    </message>
    <message>
        <source>{name} has {count} bands and none was chosen; band {band} is taken, as grey.</source>
        <translation>{name} 有 {count} 个波段，尚未选择；现以波段 {band} 作为灰度。</translation>
    </message>
    <message>
        <source>{name} has {count} bands and none was chosen; {bands} are taken for red, green and blue.</source>
        <translation>{name} 有 {count} 个波段，尚未选择；现以 {bands} 作为红、绿、蓝。</translation>
    </message>
    <message>
        <source>{before} and {after} were made with different stretches, which may look like change; embed {again} anew with the stretch of the other, {stretch}.</source>
        <translation>{before} 和 {after} 由不同的拉伸生成，可能看似变化；请用另一个的拉伸（{stretch}）重新生成 {again} 的嵌入。</translation>
    </message>
    <message>
        <source>Find change by</source>
        <translation>变化检测方法</translation>
    </message>
    <message>
        <source>A network that learnt it, segments of both dates that are matched, or distances of embeddings.</source>
        <translation>专门训练的网络、两个日期的分割结果匹配，或嵌入之间的距离。</translation>
    </message>
    <message>
        <source>The probability from which a place counts as changed, in polygons and in the table of areas.</source>
        <translation>视为变化的起算概率，用于多边形和面积表。</translation>
    </message>
    <message>
        <source>Align</source>
        <translation>对齐</translation>
    </message>
    <message>
        <source>Move the later picture where both show the same things side by side.</source>
        <translation>若两幅影像的相同地物错开，则平移较晚影像使其对齐。</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>光照</translation>
    </message>
    <message>
        <source>match brings the later picture to the light of the earlier one; none takes both as they are.</source>
        <translation>“调整一致”使较晚影像的光照与较早影像一致；“无”保持两者原样。</translation>
    </message>
    <message>
        <source>Smallest change</source>
        <translation>最小变化</translation>
    </message>
    <message>
        <source>Smaller polygons are left out; in pixels where the ground size is unknown.</source>
        <translation>略去更小的多边形；地面尺寸未知时以像素计。</translation>
    </message>
    <message>
        <source>Find change between two dates</source>
        <translation>检测两个日期之间的变化</translation>
    </message>
    <message>
        <source>Pair {number} of {count}</source>
        <translation>影像对 {number}/{count}</translation>
    </message>
    <message>
        <source>Places with something to change: {number} of {count}</source>
        <translation>有内容可变化的地点：{number}/{count}</translation>
    </message>
    <message>
        <source>Make change pairs</source>
        <translation>生成变化影像对</translation>
    </message>
    <message>
        <source>What happens</source>
        <translation>变化事件</translation>
    </message>
    <message>
        <source>Objects come, go, or both; land cover becomes another; objects of a map that numbers them go.</source>
        <translation>对象出现、消失或两者兼有；土地覆盖转换为另一种；编号图中的对象消失。</translation>
    </message>
    <message>
        <source>Objects at most</source>
        <translation>最多对象数</translation>
    </message>
    <message>
        <source>That come, and that go.</source>
        <translation>出现的和消失的对象各自的数目。</translation>
    </message>
    <message>
        <source>Objects at least</source>
        <translation>最少对象数</translation>
    </message>
    <message>
        <source>Chance of each object</source>
        <translation>每个对象的概率</translation>
    </message>
    <message>
        <source>To become another class, or to go where objects are numbered.</source>
        <translation>转换为另一类别的概率；对象带编号时，为消失的概率。</translation>
    </message>
    <message>
        <source>Pairs</source>
        <translation>影像对数量</translation>
    </message>
    <message>
        <source>Times</source>
        <translation>时相数</translation>
    </message>
    <message>
        <source>Two make a pair, more a sequence of changes.</source>
        <translation>两个时相为一对，更多则为变化序列。</translation>
    </message>
    <message>
        <source>Side of a pair</source>
        <translation>影像对边长</translation>
    </message>
    <message>
        <source>Pairs are squares at places where there is something to change; 0 is the whole area.</source>
        <translation>影像对是位于有内容可变化之处的正方形；0 表示整个区域。</translation>
    </message>
    <message>
        <source>The same seed makes the same pairs.</source>
        <translation>随机种子相同，影像对也相同。</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>步数</translation>
    </message>
    <message>
        <source>More steps paint more carefully and take as much longer.</source>
        <translation>步数越多，绘制越细致，耗时也相应增加。</translation>
    </message>
    <message>
        <source>Share for validation</source>
        <translation>验证集比例</translation>
    </message>
    <message>
        <source>Of the places of a data set; all pairs of a place go to one part of it.</source>
        <translation>按数据集的地点计算；同一地点的影像对全部归入同一子集。</translation>
    </message>
    <message>
        <source>Share for testing</source>
        <translation>测试集比例</translation>
    </message>
    <message>
        <source>Pixel on the ground</source>
        <translation>像素的地面尺寸</translation>
    </message>
    <message>
        <source>Needed where the image has no georeference; 0 takes the georeference&apos;s.</source>
        <translation>影像没有地理参考时必填；0 表示按地理参考。</translation>
    </message>
    <message>
        <source>Finds change between two dates, trained on made pairs alone; import a converted checkpoint.</source>
        <translation>检测两个日期之间的变化，仅用生成的影像对训练；请导入转换后的检查点。</translation>
    </message>
    <message>
        <source>Paints what changed into a picture, offline; small and quick, so from near it is rough.</source>
        <translation>将变化绘入影像，可离线使用；小而快，近看较粗糙。</translation>
    </message>
    <message>
        <source>Paints what changed into a picture, from maps of classes before and after; import a converted checkpoint.</source>
        <translation>根据变化前后的分类图，将变化绘入影像；请导入转换后的检查点。</translation>
    </message>
    <message>
        <source>Pictures as latents and back, for Changen2.</source>
        <translation>用于 Changen2：将图像编码为潜变量，并解码还原。</translation>
    </message>
    <message>
        <source>Generate imagery</source>
        <translation>生成影像</translation>
    </message>
    <message>
        <source>Begin with</source>
        <translation>起始影像</translation>
    </message>
    <message>
        <source>The source, or the Blue Marble that ships: any place on earth, from pixels of 15 km.</source>
        <translation>所选影像，或自带的 Blue Marble：地球上任意位置，起始像素为 15 km。</translation>
    </message>
    <message>
        <source>Scale</source>
        <translation>放大倍数</translation>
    </message>
    <message>
        <source>New pixels along the side of one of the source.</source>
        <translation>源影像一个像素的边长上的新像素数。</translation>
    </message>
    <message>
        <source>The same seed paints the same.</source>
        <translation>随机种子相同，绘制的结果也相同。</translation>
    </message>
    <message>
        <source>From noise to picture; more take longer.</source>
        <translation>由噪声到图像的步数；越多耗时越长。</translation>
    </message>
    <message>
        <source>Fresh noise</source>
        <translation>新增噪声</translation>
    </message>
    <message>
        <source>How much noise is drawn anew at each step: 0 is DDIM, 1 is DDPM.</source>
        <translation>每一步重新抽取多少噪声：0 为 DDIM，1 为 DDPM。</translation>
    </message>
    <message>
        <source>Side of a source pixel; 0 takes it from the georeference, where there is one.</source>
        <translation>源影像像素的边长；0 表示取自地理参考（如有）。</translation>
    </message>
    <message>
        <source>Windows</source>
        <translation>窗口拼接</translation>
    </message>
    <message>
        <source>The middle of each is kept, or those that overlap are averaged at each step.</source>
        <translation>保留每个窗口的中央部分，或在每一步对重叠的窗口取平均。</translation>
    </message>
    <message>
        <source>Map tiles</source>
        <translation>地图瓦片</translation>
    </message>
    <message>
        <source>The result also as tiles of web maps.</source>
        <translation>同时将结果输出为网络地图瓦片。</translation>
    </message>
    <message>
        <source>Keep the source&apos;s colours</source>
        <translation>保持源影像的颜色</translation>
    </message>
    <message>
        <source>Made smaller again, the result is the source; else the network may correct noise and damage.</source>
        <translation>结果缩小后与源影像一致；关闭时，网络可修正噪声和损坏。</translation>
    </message>
    <message>
        <source>Paints what coarse imagery may look like from nearer, offline: plausible texture, no new facts.</source>
        <translation>绘制低分辨率影像近看可能的样子，可离线使用：纹理合理，但不含新的事实。</translation>
    </message>
    <message>
        <source>MetaEarth&apos;s network in any size; import a checkpoint in the layout that docs/generation.md tells.</source>
        <translation>任意规模的 MetaEarth 网络；请导入结构符合 docs/generation.md 说明的检查点。</translation>
    </message>
    <message>
        <source>Level ×{scale}: piece {number} of {count}</source>
        <translation>×{scale} 级：第 {number}/{count} 块</translation>
    </message>
    <message>
        <source>Finds change between two dates, of buildings and of anything else, offline; trained on made pairs alone.</source>
        <translation>查找两个时相之间建筑物及其他任何事物的变化，可离线使用；仅以合成影像对训练。</translation>
    </message>
    <message>
        <source>Which change</source>
        <translation>哪种变化</translation>
    </message>
    <message>
        <source>Any change, or buildings that come or go, which only a trained network tells.</source>
        <translation>任何变化，或新增与消失的建筑物；后者只有训练好的网络才能分辨。</translation>
    </message>
    <message>
        <source>Painted around objects</source>
        <translation>对象周围一并绘制</translation>
    </message>
    <message>
        <source>So far around what changes is painted too, so that shadows go and come with houses; 0 leaves it alone.</source>
        <translation>变化区域周围这一宽度内也一并绘制，使阴影随房屋一同消失或出现；0 表示不改动周围。</translation>
    </message>
    <message>
        <source>A margin of {margin} is less than a pixel, {side}: nothing is painted around what changes.</source>
        <translation>周围绘制宽度 {margin} 小于一个像素({side})：变化区域周围什么也不绘制。</translation>
    </message>
</context>
<context>
    <name>Catalog</name>
    <message>
        <source>Download {model}</source>
        <translation>下载 {model}</translation>
    </message>
    <message>
        <source>Import {model}</source>
        <translation>导入 {model}</translation>
    </message>
</context>
<context>
    <name>ChangeDetect</name>
    <message>
        <source>building; road; tree</source>
        <translation>建筑；道路；树木</translation>
    </message>
    <message>
        <source>Phrases that say from what to what a place changed, where the method knows no classes.</source>
        <translation>说明某处由何种类别变为何种类别的短语；用于方法本身不识别类别时。</translation>
    </message>
    <message>
        <source>The whole image</source>
        <translation>整幅影像</translation>
    </message>
    <message>
        <source>What the map shows</source>
        <translation>地图显示的范围</translation>
    </message>
    <message>
        <source>A rectangle</source>
        <translation>矩形</translation>
    </message>
    <message>
        <source>Selected polygons</source>
        <translation>选中的多边形</translation>
    </message>
    <message>
        <source>Find what changed</source>
        <translation>检测变化</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>变化前</translation>
    </message>
    <message>
        <source>After</source>
        <translation>变化后</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Classes</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>Area</source>
        <translation>区域</translation>
    </message>
    <message>
        <source>Save in</source>
        <translation>保存到</translation>
    </message>
</context>
<context>
    <name>ChangePage</name>
    <message>
        <source>Make pairs</source>
        <translation>生成影像对</translation>
    </message>
    <message>
        <source>Detect change</source>
        <translation>检测变化</translation>
    </message>
</context>
<context>
    <name>ChangePairs</name>
    <message>
        <source>A raster of classes, such as a class map of Ground, or polygons with a class</source>
        <translation>分类栅格（例如短语定位得到的分类图），或带类别的多边形</translation>
    </message>
    <message>
        <source>Draw polygons…</source>
        <translation>绘制多边形…</translation>
    </message>
    <message>
        <source>The whole image</source>
        <translation>整幅影像</translation>
    </message>
    <message>
        <source>What the map shows</source>
        <translation>地图显示的范围</translation>
    </message>
    <message>
        <source>A rectangle</source>
        <translation>矩形</translation>
    </message>
    <message>
        <source>Selected polygons</source>
        <translation>选中的多边形</translation>
    </message>
    <message>
        <source>Preview the middle of the map</source>
        <translation>预览地图中央</translation>
    </message>
    <message>
        <source>Make pairs</source>
        <translation>生成影像对</translation>
    </message>
    <message>
        <source>what lies around it</source>
        <translation>与周围相同</translation>
    </message>
    <message>
        <source>Image</source>
        <translation>影像</translation>
    </message>
    <message>
        <source>What is where</source>
        <translation>地物标签</translation>
    </message>
    <message>
        <source>Column of classes</source>
        <translation>类别列</translation>
    </message>
    <message>
        <source>Class</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>Becomes</source>
        <translation>变为</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>随机种子</translation>
    </message>
    <message>
        <source>Area</source>
        <translation>区域</translation>
    </message>
    <message>
        <source>Painted by</source>
        <translation>绘制模型</translation>
    </message>
    <message>
        <source>Save in</source>
        <translation>保存到</translation>
    </message>
    <message>
        <source>What own classes look like</source>
        <translation>自有类别的外观</translation>
    </message>
    <message>
        <source>Data set and pixels</source>
        <translation>数据集与像素</translation>
    </message>
</context>
<context>
    <name>ChangeResults</name>
    <message>
        <source>Before</source>
        <translation>变化前</translation>
    </message>
    <message>
        <source>After</source>
        <translation>变化后</translation>
    </message>
    <message>
        <source>Swipe</source>
        <translation>卷帘</translation>
    </message>
    <message>
        <source>Both dates beside a line on the map: drag it, or move it with the arrow keys; Esc ends</source>
        <translation>在地图上以卷帘线分隔两个日期：可拖动，或用方向键移动；按 Esc 结束</translation>
    </message>
    <message>
        <source>Turn</source>
        <translation>旋转</translation>
    </message>
    <message>
        <source>Turn the line: one date above it, the other below</source>
        <translation>旋转卷帘线：一个日期在上，另一个在下</translation>
    </message>
    <message>
        <source>What changed how much</source>
        <translation>各类变化的面积</translation>
    </message>
    <message>
        <source>From</source>
        <translation>原类别</translation>
    </message>
    <message>
        <source>To</source>
        <translation>新类别</translation>
    </message>
    <message>
        <source>Area</source>
        <translation>面积</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Later date</source>
        <translation>较晚日期</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>显示</translation>
    </message>
    <message>
        <source>Shown from</source>
        <translation>起始概率</translation>
    </message>
</context>
<context>
    <name>ClassBook</name>
    <message>
        <source>Class {number}</source>
        <translation>类别 {number}</translation>
    </message>
</context>
<context>
    <name>ClassTable</name>
    <message>
        <source>Classes</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>Class</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>Examples</source>
        <translation>示例</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>添加</translation>
    </message>
    <message>
        <source>Add a class</source>
        <translation>添加类别</translation>
    </message>
    <message>
        <source>Colour…</source>
        <translation>颜色…</translation>
    </message>
    <message>
        <source>Give the class another colour</source>
        <translation>更改该类别的颜色</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Remove the class and its examples</source>
        <translation>移除该类别及其示例</translation>
    </message>
</context>
<context>
    <name>ClusterForm</name>
    <message>
        <source>Find clusters</source>
        <translation>查找聚类</translation>
    </message>
</context>
<context>
    <name>CompareForm</name>
    <message>
        <source>Show what changed</source>
        <translation>显示变化</translation>
    </message>
    <message>
        <source>Later date</source>
        <translation>较晚日期</translation>
    </message>
</context>
<context>
    <name>Comparing</name>
    <message>
        <source>Source</source>
        <translation>源影像</translation>
    </message>
    <message>
        <source>Generated (synthetic)</source>
        <translation>生成（合成）</translation>
    </message>
</context>
<context>
    <name>ComputeController</name>
    <message>
        <source>Start the backend to compute embeddings.</source>
        <translation>请启动后端以计算嵌入。</translation>
    </message>
    <message>
        <source>This backend cannot compute embeddings; update it on the Setup page.</source>
        <translation>此后端不能计算嵌入；请在“安装”页更新。</translation>
    </message>
    <message>
        <source>Choose an image first.</source>
        <translation>请先选择一幅影像。</translation>
    </message>
    <message>
        <source>Embeddings – {image}</source>
        <translation>嵌入 – {image}</translation>
    </message>
    <message>
        <source>Cancelled. The same embeddings go on from where they stopped.</source>
        <translation>已取消。再次计算相同的嵌入会从停止处继续。</translation>
    </message>
    <message>
        <source>Reading the image…</source>
        <translation>正在读取影像…</translation>
    </message>
    <message>
        <source>Moving the results into their folder…</source>
        <translation>正在把结果移到其文件夹…</translation>
    </message>
    <message>
        <source>Done.</source>
        <translation>完成。</translation>
    </message>
    <message>
        <source>The backend left no embeddings in “{folder}”.</source>
        <translation>后端没有在“{folder}”中留下嵌入。</translation>
    </message>
</context>
<context>
    <name>Connection</name>
    <message>
        <source>The connection to the backend is interrupted. Trying again…</source>
        <translation>与后端的连接中断，正在重试…</translation>
    </message>
    <message>
        <source>The backend answers again.</source>
        <translation>后端已恢复响应。</translation>
    </message>
    <message>
        <source>The backend stopped unexpectedly and is being started again. Your prompts are kept.</source>
        <translation>后端意外停止，正在重新启动。您的提示已保留。</translation>
    </message>
</context>
<context>
    <name>DetectController</name>
    <message>
        <source>Reading both images…</source>
        <translation>正在读取两幅影像…</translation>
    </message>
    <message>
        <source>Cancelled.</source>
        <translation>已取消。</translation>
    </message>
    <message>
        <source>Start the backend to find what changed.</source>
        <translation>请启动后端以检测变化。</translation>
    </message>
    <message>
        <source>This backend cannot find what changed; update it on the Setup page.</source>
        <translation>此后端不能检测变化；请在“安装”页更新。</translation>
    </message>
    <message>
        <source>This backend has no model for this way of finding change; choose another way.</source>
        <translation>此后端没有适用于该变化检测方法的模型；请选择其他方法。</translation>
    </message>
    <message>
        <source>The image is gone; choose another one.</source>
        <translation>影像已不存在；请另选一幅。</translation>
    </message>
    <message>
        <source>Cancelled. The same search goes on from where it stopped.</source>
        <translation>已取消。再次进行相同的检测会从停止处继续。</translation>
    </message>
    <message>
        <source>So far: {title}</source>
        <translation>目前：{title}</translation>
    </message>
    <message>
        <source>Done.</source>
        <translation>完成。</translation>
    </message>
</context>
<context>
    <name>Earth</name>
    <message>
        <source>Blue Marble</source>
        <translation>Blue Marble</translation>
    </message>
</context>
<context>
    <name>EmbeddingFiles</name>
    <message>
        <source>Open embeddings</source>
        <translation>打开嵌入</translation>
    </message>
    <message>
        <source>Embeddings</source>
        <translation>嵌入</translation>
    </message>
    <message>
        <source>Save the classifier</source>
        <translation>保存分类器</translation>
    </message>
    <message>
        <source>Apply a saved classifier</source>
        <translation>应用已保存的分类器</translation>
    </message>
</context>
<context>
    <name>EmbeddingsAsk</name>
    <message>
        <source>Keep as layers</source>
        <translation>保留为图层</translation>
    </message>
    <message>
        <source>Ask by</source>
        <translation>提问方式</translation>
    </message>
    <message>
        <source>Examples on the map</source>
        <translation>在地图上给出示例</translation>
    </message>
    <message>
        <source>Similar</source>
        <translation>相似</translation>
    </message>
    <message>
        <source>Phrase</source>
        <translation>短语</translation>
    </message>
    <message>
        <source>Classes</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>Left click or drag around: wanted. Right button or Shift: not wanted.</source>
        <translation>左键单击或拖框：要找的。右键或 Shift：不要的。</translation>
    </message>
    <message>
        <source>Show where</source>
        <translation>显示位置</translation>
    </message>
    <message>
        <source>Save…</source>
        <translation>保存…</translation>
    </message>
    <message>
        <source>Save what was learnt as a small file</source>
        <translation>将学到的内容保存为小文件</translation>
    </message>
    <message>
        <source>Apply saved…</source>
        <translation>应用已保存的…</translation>
    </message>
    <message>
        <source>Use a classifier that was saved</source>
        <translation>使用已保存的分类器</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Take the last step back: Backspace, Ctrl+Z</source>
        <translation>撤销上一步：Backspace、Ctrl+Z</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>重做</translation>
    </message>
    <message>
        <source>Bring the step back: Ctrl+Shift+Z</source>
        <translation>恢复该步：Ctrl+Shift+Z</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>清除</translation>
    </message>
    <message>
        <source>Remove all examples: Esc</source>
        <translation>移除全部示例：Esc</translation>
    </message>
    <message>
        <source>Add selected</source>
        <translation>添加选中的</translation>
    </message>
    <message>
        <source>Take the layer&apos;s selected features as examples</source>
        <translation>将图层中选中的要素作为示例</translation>
    </message>
</context>
<context>
    <name>EmbeddingsCompute</name>
    <message>
        <source>The whole image</source>
        <translation>整幅影像</translation>
    </message>
    <message>
        <source>What the map shows</source>
        <translation>地图显示的范围</translation>
    </message>
    <message>
        <source>A rectangle</source>
        <translation>矩形</translation>
    </message>
    <message>
        <source>Selected polygons</source>
        <translation>选中的多边形</translation>
    </message>
    <message>
        <source>Compute embeddings</source>
        <translation>计算嵌入</translation>
    </message>
    <message>
        <source>as the file says</source>
        <translation>按文件所示</translation>
    </message>
    <message>
        <source>Names of the image&apos;s bands in their order, such as B02;B03;B04, for models of many bands.</source>
        <translation>按顺序列出的影像波段名称，例如 B02;B03;B04，用于多波段模型。</translation>
    </message>
    <message>
        <source>Text-aligned: its embeddings of blocks can be searched by phrases.</source>
        <translation>与文本对齐：其像素块的嵌入可按短语查找。</translation>
    </message>
    <message>
        <source>Not text-aligned: its embeddings are searched by examples only.</source>
        <translation>未与文本对齐：其嵌入只能按示例查找。</translation>
    </message>
    <message>
        <source>Image</source>
        <translation>影像</translation>
    </message>
    <message>
        <source>Area</source>
        <translation>区域</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Band names</source>
        <translation>波段名称</translation>
    </message>
    <message>
        <source>Save in</source>
        <translation>保存到</translation>
    </message>
    <message>
        <source>Form, bands and device</source>
        <translation>形式、波段与设备</translation>
    </message>
</context>
<context>
    <name>EmbeddingsOpen</name>
    <message>
        <source>Open a file of embeddings</source>
        <translation>打开嵌入文件</translation>
    </message>
    <message>
        <source>Open a file: embeddings made here, AlphaEarth, TESSERA, Major TOM or Clay (GeoTIFF, GeoParquet)</source>
        <translation>打开文件：在此生成的嵌入、AlphaEarth、TESSERA、Major TOM 或 Clay（GeoTIFF、GeoParquet）</translation>
    </message>
    <message>
        <source>Zoom to them</source>
        <translation>缩放到其范围</translation>
    </message>
    <message>
        <source>Embeddings</source>
        <translation>嵌入</translation>
    </message>
    <message>
        <source>None</source>
        <translation>无</translation>
    </message>
    <message>
        <source>None yet: compute or open some</source>
        <translation>还没有：请计算或打开嵌入</translation>
    </message>
    <message>
        <source>maker unknown</source>
        <translation>生成模型未知</translation>
    </message>
    <message>
        <source>{width} numbers each</source>
        <translation>每个 {width} 维</translation>
    </message>
    <message>
        <source>{count} places</source>
        <translation>{count} 个地点</translation>
    </message>
    <message>
        <source>{columns} × {rows} blocks</source>
        <translation>{columns} × {rows} 个像素块</translation>
    </message>
    <message>
        <source>Phrases can be asked for.</source>
        <translation>可按短语查找。</translation>
    </message>
</context>
<context>
    <name>EmbeddingsPage</name>
    <message>
        <source>Compute</source>
        <translation>计算</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Ask</source>
        <translation>提问</translation>
    </message>
    <message>
        <source>Clusters</source>
        <translation>聚类</translation>
    </message>
    <message>
        <source>Change between two dates</source>
        <translation>两个日期之间的变化</translation>
    </message>
</context>
<context>
    <name>Errors</name>
    <message>
        <source>The layer cannot be used</source>
        <translation>无法使用该图层</translation>
    </message>
    <message>
        <source>The result cannot be written</source>
        <translation>无法写入结果</translation>
    </message>
    <message>
        <source>The layer&apos;s file is not there any more.</source>
        <translation>图层的文件已不存在。</translation>
    </message>
    <message>
        <source>Put the file back or choose another layer.</source>
        <translation>请将文件放回原处，或选择其他图层。</translation>
    </message>
    <message>
        <source>The layer&apos;s file cannot be read; it may be damaged or incomplete.</source>
        <translation>无法读取图层的文件；文件可能已损坏或不完整。</translation>
    </message>
    <message>
        <source>Check the file or choose another layer.</source>
        <translation>请检查文件，或选择其他图层。</translation>
    </message>
    <message>
        <source>This kind of source is not read, because it can point to other files or addresses.</source>
        <translation>不读取此类数据源，因为它可能指向其他文件或地址。</translation>
    </message>
    <message>
        <source>Export the layer to a GeoTIFF and use that.</source>
        <translation>请将图层导出为 GeoTIFF 后使用。</translation>
    </message>
    <message>
        <source>The layer is larger than what can be opened.</source>
        <translation>图层过大，无法打开。</translation>
    </message>
    <message>
        <source>Cut out the part you need and use that.</source>
        <translation>请裁剪出所需部分后使用。</translation>
    </message>
    <message>
        <source>The layer&apos;s file was changed while it was in use.</source>
        <translation>图层的文件在使用期间被更改。</translation>
    </message>
    <message>
        <source>Click again to use the new content.</source>
        <translation>请再次单击以使用新内容。</translation>
    </message>
    <message>
        <source>There is no data here</source>
        <translation>此处没有数据</translation>
    </message>
    <message>
        <source>The layer has only nodata at this place.</source>
        <translation>图层在该位置只有无数据值。</translation>
    </message>
    <message>
        <source>Click where the layer has data.</source>
        <translation>请在图层有数据的地方单击。</translation>
    </message>
    <message>
        <source>The prompt cannot be used</source>
        <translation>无法使用该提示</translation>
    </message>
    <message>
        <source>The points or the box do not describe an object.</source>
        <translation>这些点或框没有指明一个对象。</translation>
    </message>
    <message>
        <source>Set at least one point on the object, or a box around it.</source>
        <translation>请在对象上至少设置一个点，或在其周围画一个框。</translation>
    </message>
    <message>
        <source>The point or box lies outside the layer.</source>
        <translation>点或框在图层范围之外。</translation>
    </message>
    <message>
        <source>Click inside the layer.</source>
        <translation>请在图层范围内单击。</translation>
    </message>
    <message>
        <source>The result cannot be written to that place.</source>
        <translation>无法将结果写入该位置。</translation>
    </message>
    <message>
        <source>Choose another folder, or close programs that hold the file open.</source>
        <translation>请选择其他文件夹，或关闭占用该文件的程序。</translation>
    </message>
    <message>
        <source>The disk is full. Nothing half written was left behind.</source>
        <translation>磁盘已满。没有留下写了一半的文件。</translation>
    </message>
    <message>
        <source>Free some space and try again.</source>
        <translation>请释放一些空间后重试。</translation>
    </message>
    <message>
        <source>The model cannot be used</source>
        <translation>无法使用该模型</translation>
    </message>
    <message>
        <source>The model&apos;s weights were not accepted</source>
        <translation>模型权重未被接受</translation>
    </message>
    <message>
        <source>The device cannot be used</source>
        <translation>无法使用该设备</translation>
    </message>
    <message>
        <source>The backend does not know this model, or the model cannot do this.</source>
        <translation>后端不认识该模型，或该模型无法完成此任务。</translation>
    </message>
    <message>
        <source>Choose another model, or update the backend.</source>
        <translation>请选择其他模型，或更新后端。</translation>
    </message>
    <message>
        <source>The model&apos;s weights are not installed.</source>
        <translation>模型权重尚未安装。</translation>
    </message>
    <message>
        <source>Download or import them, or choose a model that is installed.</source>
        <translation>请下载或导入权重，或选择已安装的模型。</translation>
    </message>
    <message>
        <source>This model needs the full installation.</source>
        <translation>该模型需要完整版安装。</translation>
    </message>
    <message>
        <source>The files are not the ones this model was published with, or they are damaged.</source>
        <translation>这些文件与该模型发布时的文件不符，或已损坏。</translation>
    </message>
    <message>
        <source>Download them again, or import the right files.</source>
        <translation>请重新下载，或导入正确的文件。</translation>
    </message>
    <message>
        <source>Only safetensors and ONNX files are opened, because other formats can carry programs.</source>
        <translation>只打开 safetensors 和 ONNX 文件，因为其他格式可能夹带程序。</translation>
    </message>
    <message>
        <source>Import the model&apos;s safetensors or ONNX files.</source>
        <translation>请导入该模型的 safetensors 或 ONNX 文件。</translation>
    </message>
    <message>
        <source>The publisher gives these weights only to people who accepted its terms.</source>
        <translation>发布者仅向接受其条款的用户提供这些权重。</translation>
    </message>
    <message>
        <source>The download failed</source>
        <translation>下载失败</translation>
    </message>
    <message>
        <source>The model&apos;s weights could not be downloaded. What has arrived is kept.</source>
        <translation>无法下载模型权重。已收到的部分会保留。</translation>
    </message>
    <message>
        <source>Check the connection and try again, or import the files.</source>
        <translation>请检查网络连接后重试，或导入文件。</translation>
    </message>
    <message>
        <source>The GPU was asked for but cannot be used.</source>
        <translation>指定了 GPU，但无法使用。</translation>
    </message>
    <message>
        <source>There is not enough memory for this model.</source>
        <translation>内存不足，无法运行该模型。</translation>
    </message>
    <message>
        <source>Choose a smaller model, or close other programs.</source>
        <translation>请选择更小的模型，或关闭其他程序。</translation>
    </message>
    <message>
        <source>The request was not accepted</source>
        <translation>请求未被接受</translation>
    </message>
    <message>
        <source>Copy the report and tell us about it.</source>
        <translation>请复制报告并告诉我们。</translation>
    </message>
    <message>
        <source>Plugin and backend do not understand each other.</source>
        <translation>插件与后端无法相互理解。</translation>
    </message>
    <message>
        <source>The backend does not have that any more.</source>
        <translation>后端已没有所请求的内容。</translation>
    </message>
    <message>
        <source>Try again.</source>
        <translation>请重试。</translation>
    </message>
    <message>
        <source>A parameter is outside its limits.</source>
        <translation>某个参数超出了允许范围。</translation>
    </message>
    <message>
        <source>Check the parameters and try again.</source>
        <translation>请检查参数后重试。</translation>
    </message>
    <message>
        <source>The request is larger than what the backend takes.</source>
        <translation>请求超出了后端可接受的大小。</translation>
    </message>
    <message>
        <source>Use a smaller area or fewer prompts.</source>
        <translation>请使用更小的范围或更少的提示。</translation>
    </message>
    <message>
        <source>The backend has too much to do already.</source>
        <translation>后端的任务已经过多。</translation>
    </message>
    <message>
        <source>Wait until some jobs are done, or cancel them.</source>
        <translation>请等待部分任务完成，或取消它们。</translation>
    </message>
    <message>
        <source>A newer request took this one&apos;s place.</source>
        <translation>该请求已被更新的请求取代。</translation>
    </message>
    <message>
        <source>The backend has closed this layer.</source>
        <translation>后端已关闭该图层。</translation>
    </message>
    <message>
        <source>Click again to open it.</source>
        <translation>请再次单击以打开。</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>已取消</translation>
    </message>
    <message>
        <source>The job was cancelled.</source>
        <translation>任务已取消。</translation>
    </message>
    <message>
        <source>Something went wrong in the backend</source>
        <translation>后端出错</translation>
    </message>
    <message>
        <source>The backend met an error that it did not expect. It goes on working.</source>
        <translation>后端遇到了意料之外的错误，但仍在继续工作。</translation>
    </message>
    <message>
        <source>The job was interrupted</source>
        <translation>任务被中断</translation>
    </message>
    <message>
        <source>The backend stopped before the job was done.</source>
        <translation>任务完成之前后端已停止。</translation>
    </message>
    <message>
        <source>Start the job again.</source>
        <translation>请重新启动任务。</translation>
    </message>
    <message>
        <source>No connection to the backend</source>
        <translation>未连接到后端</translation>
    </message>
    <message>
        <source>The backend refused the connection</source>
        <translation>后端拒绝了连接</translation>
    </message>
    <message>
        <source>Try again; restart the backend if it happens again.</source>
        <translation>请重试；如再次发生，请重启后端。</translation>
    </message>
    <message>
        <source>The token is missing or wrong.</source>
        <translation>令牌缺失或有误。</translation>
    </message>
    <message>
        <source>Enter the backend&apos;s token again, or restart the backend.</source>
        <translation>请重新输入后端的令牌，或重启后端。</translation>
    </message>
    <message>
        <source>The backend does not answer under this address.</source>
        <translation>后端在该地址没有响应。</translation>
    </message>
    <message>
        <source>Use the address the backend was started with.</source>
        <translation>请使用启动后端时的地址。</translation>
    </message>
    <message>
        <source>The request looked as if it came from a web page.</source>
        <translation>该请求看起来来自网页。</translation>
    </message>
    <message>
        <source>Check for a proxy between QGIS and the backend.</source>
        <translation>请检查 QGIS 与后端之间是否有代理。</translation>
    </message>
    <message>
        <source>The backend does not answer.</source>
        <translation>后端没有响应。</translation>
    </message>
    <message>
        <source>The connection to the backend was lost.</source>
        <translation>与后端的连接已丢失。</translation>
    </message>
    <message>
        <source>The backend did not answer in time.</source>
        <translation>后端未及时响应。</translation>
    </message>
    <message>
        <source>The backend&apos;s certificate is not trusted.</source>
        <translation>后端的证书不受信任。</translation>
    </message>
    <message>
        <source>The backend&apos;s address cannot be used.</source>
        <translation>后端的地址无法使用。</translation>
    </message>
    <message>
        <source>Write it as https://host:port.</source>
        <translation>请按 https://host:port 的格式填写。</translation>
    </message>
    <message>
        <source>The answer is not one of the backend&apos;s, or it is damaged.</source>
        <translation>收到的响应不是来自后端，或已损坏。</translation>
    </message>
    <message>
        <source>Check that plugin and backend have the same version, then try again.</source>
        <translation>请检查插件与后端的版本是否一致，然后重试。</translation>
    </message>
    <message>
        <source>Plugin and backend have different versions.</source>
        <translation>插件与后端的版本不同。</translation>
    </message>
    <message>
        <source>Repair the installation, or update the backend on the other machine.</source>
        <translation>请修复安装，或更新另一台计算机上的后端。</translation>
    </message>
    <message>
        <source>The layer cannot be sent</source>
        <translation>无法发送该图层</translation>
    </message>
    <message>
        <source>The layer&apos;s file cannot be read.</source>
        <translation>无法读取图层的文件。</translation>
    </message>
    <message>
        <source>The result cannot be written on this computer.</source>
        <translation>无法在本机上写入结果。</translation>
    </message>
    <message>
        <source>Free some space or choose another folder.</source>
        <translation>请释放一些空间，或选择其他文件夹。</translation>
    </message>
    <message>
        <source>The backend stopped</source>
        <translation>后端已停止</translation>
    </message>
    <message>
        <source>The backend stopped unexpectedly, twice in a short time.</source>
        <translation>后端在短时间内两次意外停止。</translation>
    </message>
    <message>
        <source>The backend is not installed</source>
        <translation>后端尚未安装</translation>
    </message>
    <message>
        <source>Toposcope&apos;s backend is not installed on this computer.</source>
        <translation>本机尚未安装 Toposcope 后端。</translation>
    </message>
    <message>
        <source>Open the Toposcope panel and install it.</source>
        <translation>请打开 Toposcope 面板进行安装。</translation>
    </message>
    <message>
        <source>The backend does not start</source>
        <translation>后端无法启动</translation>
    </message>
    <message>
        <source>The backend could not be started.</source>
        <translation>无法启动后端。</translation>
    </message>
    <message>
        <source>Extend the installation on the Setup page, or choose another model.</source>
        <translation>请在“安装”页扩展安装，或选择其他模型。</translation>
    </message>
    <message>
        <source>Accept the terms on the model&apos;s page and enter your hub token on the Models page.</source>
        <translation>请在模型主页上接受条款，并在“模型”页输入您的 Hub 令牌。</translation>
    </message>
    <message>
        <source>Choose CPU or automatic; the first line of the Toposcope panel says why.</source>
        <translation>请选择 CPU 或自动；原因见 Toposcope 面板的首行。</translation>
    </message>
    <message>
        <source>Restart it in the Toposcope panel.</source>
        <translation>请在 Toposcope 面板中重启后端。</translation>
    </message>
    <message>
        <source>Start it again in the Toposcope panel; choose a smaller model if memory is short.</source>
        <translation>请在 Toposcope 面板中重新启动后端；如内存不足，请选择更小的模型。</translation>
    </message>
    <message>
        <source>Repair the installation on the Setup page.</source>
        <translation>请在“安装”页修复安装。</translation>
    </message>
    <message>
        <source>Choose the server's certificate file with “Use a server…” on the Setup page.</source>
        <translation>请在“安装”页用“使用服务器…”选择服务器的证书文件。</translation>
    </message>
    <message>
        <source>The server&apos;s certificate file cannot be read.</source>
        <translation>无法读取服务器的证书文件。</translation>
    </message>
    <message>
        <source>Choose a PEM file that holds a certificate, with “Use a server…” on the Setup page.</source>
        <translation>请在“安装”页用“使用服务器…”选择一个包含证书的 PEM 文件。</translation>
    </message>
    <message>
        <source>Nothing changes</source>
        <translation>没有变化</translation>
    </message>
    <message>
        <source>Too few places have something that can change as asked.</source>
        <translation>能按要求发生变化的位置太少。</translation>
    </message>
    <message>
        <source>Choose another area, class or event.</source>
        <translation>请选择其他区域、类别或事件。</translation>
    </message>
</context>
<context>
    <name>FolderField</name>
    <message>
        <source>Folder for the results</source>
        <translation>存放结果的文件夹</translation>
    </message>
    <message>
        <source>Toposcope&apos;s results folder</source>
        <translation>Toposcope 的结果文件夹</translation>
    </message>
    <message>
        <source>Left empty, results stay in “{folder}”.</source>
        <translation>留空时，结果保存在“{folder}”中。</translation>
    </message>
    <message>
        <source>Each result gets a folder of its own here. Choose one beside your project to move both together.</source>
        <translation>每个结果在此有自己的文件夹。选在工程文件旁边，便可一起移动。</translation>
    </message>
</context>
<context>
    <name>Gathering</name>
    <message>
        <source>No object is shown; lower the score first.</source>
        <translation>没有显示任何对象；请先降低得分。</translation>
    </message>
    <message>
        <source>Add found objects</source>
        <translation>添加找到的对象</translation>
    </message>
    <message>
        <source>{count} objects were added to “{layer}”; Undo takes them back.</source>
        <translation>已向“{layer}”添加 {count} 个对象；“撤销”可将其撤回。</translation>
    </message>
</context>
<context>
    <name>GenerateAsked</name>
    <message>
        <source>{image} ×{scale}, seed {seed}</source>
        <translation>{image} ×{scale}，随机种子 {seed}</translation>
    </message>
    <message>
        <source>preview of {image} ×{scale}, seed {seed}</source>
        <translation>{image} ×{scale} 预览，随机种子 {seed}</translation>
    </message>
    <message>
        <source>The middle of the map is not on “{image}”; move there.</source>
        <translation>地图中央不在“{image}”上；请移到该处。</translation>
    </message>
</context>
<context>
    <name>GenerateController</name>
    <message>
        <source>Start the backend to generate imagery.</source>
        <translation>请启动后端以生成影像。</translation>
    </message>
    <message>
        <source>This backend cannot generate imagery; update it on the Setup page.</source>
        <translation>此后端不能生成影像；请在“安装”页更新。</translation>
    </message>
    <message>
        <source>So far: {title}</source>
        <translation>目前：{title}</translation>
    </message>
    <message>
        <source>Reading the image…</source>
        <translation>正在读取影像…</translation>
    </message>
    <message>
        <source>Moving the results into their folder…</source>
        <translation>正在把结果移到其文件夹…</translation>
    </message>
    <message>
        <source>The results are in “{folder}”.</source>
        <translation>结果在“{folder}”中。</translation>
    </message>
    <message>
        <source>Done.</source>
        <translation>完成。</translation>
    </message>
    <message>
        <source>Cancelled. The same region goes on from where it stopped.</source>
        <translation>已取消。再次生成相同的区域会从停止处继续。</translation>
    </message>
    <message>
        <source>Cancelled.</source>
        <translation>已取消。</translation>
    </message>
</context>
<context>
    <name>GeneratePage</name>
    <message>
        <source>Blue Marble (anywhere on earth)</source>
        <translation>Blue Marble（地球上任意位置）</translation>
    </message>
    <message>
        <source>What the map shows</source>
        <translation>地图显示的范围</translation>
    </message>
    <message>
        <source>A rectangle</source>
        <translation>矩形</translation>
    </message>
    <message>
        <source>An area drawn around</source>
        <translation>圈画的区域</translation>
    </message>
    <message>
        <source>Selected polygons</source>
        <translation>选中的多边形</translation>
    </message>
    <message>
        <source>The whole image</source>
        <translation>整幅影像</translation>
    </message>
    <message>
        <source>Generate</source>
        <translation>生成</translation>
    </message>
    <message>
        <source>Toposcope&apos;s results folder</source>
        <translation>Toposcope 的结果文件夹</translation>
    </message>
    <message>
        <source>Preview the centre of the map</source>
        <translation>预览地图中央</translation>
    </message>
    <message>
        <source>A small part in seconds; the whole will have the same pixels there.</source>
        <translation>数秒即可得到一小部分；整个区域生成后，此处的像素与之相同。</translation>
    </message>
    <message>
        <source>Compare with the source</source>
        <translation>与源影像对比</translation>
    </message>
    <message>
        <source>A line on the map that can be dragged: the source on its left.</source>
        <translation>地图上可拖动的卷帘线：源影像在其左侧。</translation>
    </message>
    <message>
        <source>From</source>
        <translation>源影像</translation>
    </message>
    <message>
        <source>Area</source>
        <translation>区域</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>随机种子</translation>
    </message>
    <message>
        <source>Save as</source>
        <translation>保存为</translation>
    </message>
    <message>
        <source>Sampling, tiles, bands and device</source>
        <translation>采样、瓦片、波段与设备</translation>
    </message>
</context>
<context>
    <name>GenerateResults</name>
    <message>
        <source>Generated from</source>
        <translation>源影像</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>随机种子</translation>
    </message>
    <message>
        <source>Scale</source>
        <translation>放大倍数</translation>
    </message>
    <message>
        <source>Date</source>
        <translation>日期</translation>
    </message>
    <message>
        <source>The map tiles are on the backend's machine: “{file}”.</source>
        <translation>地图瓦片在后端所在的计算机上：“{file}”。</translation>
    </message>
</context>
<context>
    <name>GenerateText</name>
    <message>
        <source>{width} × {height} pixels, about {file}</source>
        <translation>{width} × {height} 像素，约 {file}</translation>
    </message>
    <message>
        <source>about {time} on this machine</source>
        <translation>在本机上约需 {time}</translation>
    </message>
    <message>
        <source>Pixels of {after} instead of {before}</source>
        <translation>像素由 {before} 细化为 {after}</translation>
    </message>
    <message>
        <source>This needs about {needed} of disk while it runs, and {free} are free: it would fill the disk. Choose a smaller area or scale, or free some space. Generate it all the same?</source>
        <translation>运行时约需 {needed} 磁盘空间，而可用空间为 {free}：磁盘将被写满。请选择更小的区域或放大倍数，或释放一些空间。仍要生成吗？</translation>
    </message>
    <message>
        <source>This becomes large:
{region}
Generate it?</source>
        <translation>结果会很大：
{region}
要生成吗？</translation>
    </message>
    <message>
        <source>{count} s</source>
        <translation>{count} 秒</translation>
    </message>
    <message>
        <source>{count} min</source>
        <translation>{count} 分钟</translation>
    </message>
    <message>
        <source>{count} hours</source>
        <translation>{count} 小时</translation>
    </message>
    <message>
        <source>{count} days</source>
        <translation>{count} 天</translation>
    </message>
</context>
<context>
    <name>GroundArea</name>
    <message>
        <source>Draw the rectangle on the map first.</source>
        <translation>请先在地图上绘制矩形。</translation>
    </message>
    <message>
        <source>The rectangle lies outside “{image}”; draw another one.</source>
        <translation>矩形在“{image}”之外；请重新绘制。</translation>
    </message>
    <message>
        <source>The selected polygons lie outside “{image}”; select others.</source>
        <translation>选中的多边形在“{image}”之外；请选择其他多边形。</translation>
    </message>
    <message>
        <source>The map does not show “{image}”; zoom to it first.</source>
        <translation>地图没有显示“{image}”；请先缩放到该图层。</translation>
    </message>
    <message>
        <source>Select the polygons on the map first.</source>
        <translation>请先在地图上选择多边形。</translation>
    </message>
    <message>
        <source>This area has no place in the image&apos;s coordinate system; check the CRS of both.</source>
        <translation>该区域无法用影像的坐标参考系表示；请检查两者的坐标参考系 (CRS)。</translation>
    </message>
    <message>
        <source>What was drawn lies outside “{image}”; draw around another area.</source>
        <translation>圈画的区域在“{image}”之外；请重新圈画。</translation>
    </message>
    <message>
        <source>Draw around an area on the map first.</source>
        <translation>请先在地图上圈画区域。</translation>
    </message>
</context>
<context>
    <name>GroundController</name>
    <message>
        <source>Start the backend to search by phrases.</source>
        <translation>请启动后端以按短语查找。</translation>
    </message>
    <message>
        <source>This backend cannot search by phrases; update it on the Setup page.</source>
        <translation>此后端不能按短语查找；请在“安装”页更新。</translation>
    </message>
    <message>
        <source>This backend has no model that searches by phrases; update it on the Setup page.</source>
        <translation>此后端没有可按短语查找的模型；请在“安装”页更新。</translation>
    </message>
    <message>
        <source>So far: {title}</source>
        <translation>目前：{title}</translation>
    </message>
    <message>
        <source>Reading the image…</source>
        <translation>正在读取影像…</translation>
    </message>
    <message>
        <source>{seconds} s left</source>
        <translation>剩余 {seconds} 秒</translation>
    </message>
    <message>
        <source>Done.</source>
        <translation>完成。</translation>
    </message>
    <message>
        <source>Cancelled. The same search goes on from where it stopped.</source>
        <translation>已取消。再次进行相同的查找会从停止处继续。</translation>
    </message>
    <message>
        <source>the map appears at the end</source>
        <translation>地图在结束时显示</translation>
    </message>
    <message>
        <source>The results are in “{folder}”.</source>
        <translation>结果在“{folder}”中。</translation>
    </message>
    <message>
        <source>Moving the results into their folder…</source>
        <translation>正在把结果移到其文件夹…</translation>
    </message>
</context>
<context>
    <name>GroundErrors</name>
    <message>
        <source>The area lies outside the image.</source>
        <translation>该区域在影像之外。</translation>
    </message>
    <message>
        <source>Choose an area on the image.</source>
        <translation>请在影像上选择区域。</translation>
    </message>
    <message>
        <source>The image has only nodata in this area.</source>
        <translation>影像在该区域内只有无数据值。</translation>
    </message>
    <message>
        <source>Choose an area where the image has data.</source>
        <translation>请选择影像有数据的区域。</translation>
    </message>
    <message>
        <source>The layer&apos;s file was changed while it was searched.</source>
        <translation>查找期间图层文件被更改。</translation>
    </message>
    <message>
        <source>Search again to use the new content.</source>
        <translation>请重新查找以使用新内容。</translation>
    </message>
</context>
<context>
    <name>GroundPage</name>
    <message>
        <source>A rectangle</source>
        <translation>矩形</translation>
    </message>
    <message>
        <source>Selected polygons</source>
        <translation>选中的多边形</translation>
    </message>
    <message>
        <source>What the map shows</source>
        <translation>地图显示的范围</translation>
    </message>
    <message>
        <source>The whole image</source>
        <translation>整幅影像</translation>
    </message>
    <message>
        <source>No example</source>
        <translation>无示例</translation>
    </message>
    <message>
        <source>Find</source>
        <translation>查找</translation>
    </message>
    <message>
        <source>An object marked on the map, instead of phrases or beside them</source>
        <translation>在地图上标出的对象，可代替短语或与短语并用</translation>
    </message>
    <message>
        <source>Like this</source>
        <translation>类似于</translation>
    </message>
    <message>
        <source>Image</source>
        <translation>影像</translation>
    </message>
    <message>
        <source>Area</source>
        <translation>区域</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Threshold and outline</source>
        <translation>阈值与轮廓</translation>
    </message>
    <message>
        <source>Image and device</source>
        <translation>影像与设备</translation>
    </message>
    <message>
        <source>Phrases</source>
        <translation>短语</translation>
    </message>
    <message>
        <source>Save in</source>
        <translation>保存到</translation>
    </message>
    <message>
        <source>Outlined by</source>
        <translation>轮廓模型</translation>
    </message>
</context>
<context>
    <name>GroundResults</name>
    <message>
        <source>Relevance of</source>
        <translation>相关度</translation>
    </message>
    <message>
        <source>New temporary layer</source>
        <translation>新建临时图层</translation>
    </message>
    <message>
        <source>Add shown objects</source>
        <translation>添加所示对象</translation>
    </message>
    <message>
        <source>Click an object to refine it</source>
        <translation>单击对象以细化</translation>
    </message>
    <message>
        <source>Copy the table</source>
        <translation>复制表格</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Score from</source>
        <translation>起始得分</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>回答</translation>
    </message>
</context>
<context>
    <name>GroundSearch</name>
    <message>
        <source>Choose an image first.</source>
        <translation>请先选择一幅影像。</translation>
    </message>
    <message>
        <source>Write what to look for, such as “building; lake”.</source>
        <translation>请写出要查找的内容，例如“建筑；湖泊”。</translation>
    </message>
    <message>
        <source>like this</source>
        <translation>类似此处</translation>
    </message>
    <message>
        <source>{phrases} in {image}</source>
        <translation>{image} 中的 {phrases}</translation>
    </message>
</context>
<context>
    <name>JobRow</name>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>进度</translation>
    </message>
    <message>
        <source>{minutes} min left</source>
        <translation>剩余 {minutes} 分钟</translation>
    </message>
    <message>
        <source>{seconds} s left</source>
        <translation>剩余 {seconds} 秒</translation>
    </message>
</context>
<context>
    <name>JobsPage</name>
    <message>
        <source>No jobs yet. Downloads and Processing runs show up here.</source>
        <translation>还没有任务。下载和处理工具箱的运行会显示在这里。</translation>
    </message>
    <message>
        <source>Cancel job</source>
        <translation>取消任务</translation>
    </message>
    <message>
        <source>Copy report</source>
        <translation>复制报告</translation>
    </message>
</context>
<context>
    <name>Labels</name>
    <message>
        <source>Pixel-exact</source>
        <translation>像素边缘</translation>
    </message>
    <message>
        <source>Smooth</source>
        <translation>平滑</translation>
    </message>
    <message>
        <source>Right angles (buildings)</source>
        <translation>直角（建筑物）</translation>
    </message>
    <message>
        <source>Rectangle</source>
        <translation>矩形</translation>
    </message>
    <message>
        <source>Circle (tanks)</source>
        <translation>圆形（储罐）</translation>
    </message>
    <message>
        <source>fast on a CPU</source>
        <translation>在 CPU 上快速</translation>
    </message>
    <message>
        <source>a few seconds on a CPU</source>
        <translation>在 CPU 上需数秒</translation>
    </message>
    <message>
        <source>slow on a CPU, wants a GPU</source>
        <translation>在 CPU 上较慢，宜用 GPU</translation>
    </message>
    <message>
        <source>Core</source>
        <translation>核心版 (Core)</translation>
    </message>
    <message>
        <source>Full</source>
        <translation>完整版 (Full)</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>等待中</translation>
    </message>
    <message>
        <source>Running</source>
        <translation>运行中</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>已取消</translation>
    </message>
    <message>
        <source>Segment</source>
        <translation>分割</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>下载</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>导入</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>Objects</source>
        <translation>对象</translation>
    </message>
    <message>
        <source>Class map</source>
        <translation>分类图</translation>
    </message>
    <message>
        <source>The whole from afar</source>
        <translation>从远处看整体</translation>
    </message>
    <message>
        <source>Regions</source>
        <translation>各区域</translation>
    </message>
    <message>
        <source>Every pixel</source>
        <translation>每个像素</translation>
    </message>
    <message>
        <source>None</source>
        <translation>无</translation>
    </message>
    <message>
        <source>Ground</source>
        <translation>短语定位</translation>
    </message>
    <message>
        <source>By text</source>
        <translation>按文本</translation>
    </message>
    <message>
        <source>By the pixel decoder</source>
        <translation>用像素解码器</translation>
    </message>
    <message>
        <source>Everything</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>What is relevant</source>
        <translation>相关部分</translation>
    </message>
    <message>
        <source>Patches of the image</source>
        <translation>影像小块</translation>
    </message>
    <message>
        <source>Random numbers</source>
        <translation>随机数</translation>
    </message>
    <message>
        <source>Blocks of pixels</source>
        <translation>像素块</translation>
    </message>
    <message>
        <source>Chips</source>
        <translation>切片</translation>
    </message>
    <message>
        <source>Bytes</source>
        <translation>字节</translation>
    </message>
    <message>
        <source>Exact</source>
        <translation>精确</translation>
    </message>
    <message>
        <source>k-means</source>
        <translation>k-means</translation>
    </message>
    <message>
        <source>HDBSCAN</source>
        <translation>HDBSCAN</translation>
    </message>
    <message>
        <source>Ridge regression</source>
        <translation>岭回归</translation>
    </message>
    <message>
        <source>Places most alike</source>
        <translation>最相似的地点</translation>
    </message>
    <message>
        <source>Principal components</source>
        <translation>主成分</translation>
    </message>
    <message>
        <source>UMAP</source>
        <translation>UMAP</translation>
    </message>
    <message>
        <source>Embed</source>
        <translation>生成嵌入</translation>
    </message>
    <message>
        <source>Compare two dates</source>
        <translation>比较两个日期</translation>
    </message>
    <message>
        <source>×4</source>
        <translation>×4</translation>
    </message>
    <message>
        <source>×16, in two stages</source>
        <translation>×16，分两级</translation>
    </message>
    <message>
        <source>×64, in three stages</source>
        <translation>×64，分三级</translation>
    </message>
    <message>
        <source>The image</source>
        <translation>所选影像</translation>
    </message>
    <message>
        <source>Blue Marble</source>
        <translation>Blue Marble</translation>
    </message>
    <message>
        <source>The middle of each is kept</source>
        <translation>保留各窗口的中央</translation>
    </message>
    <message>
        <source>Averaged at each step</source>
        <translation>每一步取平均</translation>
    </message>
    <message>
        <source>A folder (XYZ)</source>
        <translation>文件夹 (XYZ)</translation>
    </message>
    <message>
        <source>MBTiles</source>
        <translation>MBTiles</translation>
    </message>
    <message>
        <source>Objects come</source>
        <translation>对象出现</translation>
    </message>
    <message>
        <source>Objects go</source>
        <translation>对象消失</translation>
    </message>
    <message>
        <source>Objects come and go</source>
        <translation>对象出现和消失</translation>
    </message>
    <message>
        <source>Land cover becomes another</source>
        <translation>土地覆盖转换</translation>
    </message>
    <message>
        <source>Numbered objects go</source>
        <translation>编号对象消失</translation>
    </message>
    <message>
        <source>Make change pairs</source>
        <translation>生成变化影像对</translation>
    </message>
    <message>
        <source>A trained network</source>
        <translation>专门训练的网络</translation>
    </message>
    <message>
        <source>Matched segments</source>
        <translation>分割结果匹配</translation>
    </message>
    <message>
        <source>Distance of embeddings</source>
        <translation>嵌入之间的距离</translation>
    </message>
    <message>
        <source>Brought together</source>
        <translation>调整一致</translation>
    </message>
    <message>
        <source>Generate</source>
        <translation>生成</translation>
    </message>
    <message>
        <source>Any change</source>
        <translation>任何变化</translation>
    </message>
    <message>
        <source>Buildings that come or go</source>
        <translation>新增或消失的建筑物</translation>
    </message>
</context>
<context>
    <name>LabelsFile</name>
    <message>
        <source>Cancelled.</source>
        <translation>已取消。</translation>
    </message>
</context>
<context>
    <name>Licences</name>
    <message>
        <source>The licence of {model} is unclear ({licence}). Check that you may use it.</source>
        <translation>{model} 的许可证不明确（{licence}）。请确认您可以使用它。</translation>
    </message>
</context>
<context>
    <name>LikeTable</name>
    <message>
        <source>Class</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>looks like</source>
        <translation>看起来像</translation>
    </message>
    <message>
        <source>What classes look like</source>
        <translation>各类别的外观</translation>
    </message>
    <message>
        <source>nothing of these</source>
        <translation>都不像</translation>
    </message>
</context>
<context>
    <name>ModelActions</name>
    <message>
        <source>Download {title} ({size}, licence: {licence}) from the Hugging Face hub?</source>
        <translation>要从 Hugging Face Hub 下载 {title}（{size}，许可证：{licence}）吗？</translation>
    </message>
    <message>
        <source>Weights of {model}: choose the .safetensors or .onnx file; config.json beside it comes along</source>
        <translation>{model} 的权重：请选择 .safetensors 或 .onnx 文件；同一文件夹中的 config.json 会一并导入</translation>
    </message>
    <message>
        <source>Weights (*.safetensors *.onnx)</source>
        <translation>权重文件 (*.safetensors *.onnx)</translation>
    </message>
    <message>
        <source>Delete the weights of {model} from this computer?</source>
        <translation>要从本机删除 {model} 的权重吗？</translation>
    </message>
    <message>
        <source>Your Hugging Face token. It is kept, encrypted, in QGIS&apos;s authentication database.</source>
        <translation>您的 Hugging Face 令牌。它会加密保存在 QGIS 的身份验证数据库中。</translation>
    </message>
    <message>
        <source>QGIS&apos;s authentication database did not take the token: it serves now, but is not kept.</source>
        <translation>QGIS 的身份验证数据库没有接受该令牌：现在可以使用，但不会保存。</translation>
    </message>
    <message>
        <source>Import it?</source>
        <translation>要导入吗？</translation>
    </message>
</context>
<context>
    <name>ModelPicker</name>
    <message>
        <source>Download…</source>
        <translation>下载…</translation>
    </message>
    <message>
        <source>Import from file…</source>
        <translation>从文件导入…</translation>
    </message>
    <message>
        <source>comes with Toposcope</source>
        <translation>随 Toposcope 提供</translation>
    </message>
    <message>
        <source>installed</source>
        <translation>已安装</translation>
    </message>
    <message>
        <source>not installed</source>
        <translation>未安装</translation>
    </message>
    <message>
        <source>gated: needs a hub token</source>
        <translation>受限：需要 Hub 令牌</translation>
    </message>
</context>
<context>
    <name>ModelsPage</name>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>许可证</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Download…</source>
        <translation>下载…</translation>
    </message>
    <message>
        <source>Import from file…</source>
        <translation>从文件导入…</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Hub token…</source>
        <translation>Hub 令牌…</translation>
    </message>
    <message>
        <source>comes with Toposcope</source>
        <translation>随 Toposcope 提供</translation>
    </message>
    <message>
        <source>installed</source>
        <translation>已安装</translation>
    </message>
    <message>
        <source>unavailable</source>
        <translation>不可用</translation>
    </message>
    <message>
        <source>not installed</source>
        <translation>未安装</translation>
    </message>
</context>
<context>
    <name>OpenController</name>
    <message>
        <source>Start the backend to open them.</source>
        <translation>请启动后端以打开嵌入。</translation>
    </message>
    <message>
        <source>Opening…</source>
        <translation>正在打开…</translation>
    </message>
    <message>
        <source>Embeddings – {name}</source>
        <translation>嵌入 – {name}</translation>
    </message>
    <message>
        <source>{count} places</source>
        <translation>{count} 个地点</translation>
    </message>
</context>
<context>
    <name>OutlinerPicker</name>
    <message>
        <source>The best installed</source>
        <translation>已安装的最好的</translation>
    </message>
    <message>
        <source>Outlines what a detector has boxed, and all things with “Draw things anew”</source>
        <translation>为检测器框出的对象勾画轮廓；选中“重新勾画事物”时，为所有事物勾画轮廓</translation>
    </message>
</context>
<context>
    <name>OverlayControls</name>
    <message>
        <source>Show on the map</source>
        <translation>在地图上显示</translation>
    </message>
    <message>
        <source>Auto</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>Let the threshold follow the examples</source>
        <translation>让阈值随示例变化</translation>
    </message>
    <message>
        <source>Score from</source>
        <translation>起始得分</translation>
    </message>
    <message>
        <source>Opacity</source>
        <translation>不透明度</translation>
    </message>
</context>
<context>
    <name>PairsController</name>
    <message>
        <source>Reading image and labels…</source>
        <translation>正在读取影像和标签…</translation>
    </message>
    <message>
        <source>Cancelled.</source>
        <translation>已取消。</translation>
    </message>
    <message>
        <source>Start the backend to make pairs.</source>
        <translation>请启动后端以生成影像对。</translation>
    </message>
    <message>
        <source>This backend cannot make pairs; update it on the Setup page.</source>
        <translation>此后端不能生成影像对；请在“安装”页更新。</translation>
    </message>
    <message>
        <source>The image is gone; choose another one.</source>
        <translation>影像已不存在；请另选一幅。</translation>
    </message>
    <message>
        <source>Adding the layers…</source>
        <translation>正在添加图层…</translation>
    </message>
    <message>
        <source>The results are in “{folder}”.</source>
        <translation>结果在“{folder}”中。</translation>
    </message>
    <message>
        <source>The first {shown} of {all} pairs are shown.</source>
        <translation>现显示 {all} 对中的前 {shown} 对。</translation>
    </message>
    <message>
        <source>Done.</source>
        <translation>完成。</translation>
    </message>
    <message>
        <source>Cancelled. The same pairs go on from where they stopped.</source>
        <translation>已取消。再次生成相同的影像对会从停止处继续。</translation>
    </message>
    <message>
        <source>Choose an image first.</source>
        <translation>请先选择一幅影像。</translation>
    </message>
</context>
<context>
    <name>PhraseBox</name>
    <message>
        <source>swimming pool; parked aircraft</source>
        <translation>游泳池；停放的飞机</translation>
    </message>
    <message>
        <source>Examples</source>
        <translation>示例</translation>
    </message>
    <message>
        <source>building; road; tree</source>
        <translation>建筑；道路；树木</translation>
    </message>
    <message>
        <source>parked aircraft</source>
        <translation>停放的飞机</translation>
    </message>
    <message>
        <source>flooded fields; river</source>
        <translation>被淹的农田；河流</translation>
    </message>
    <message>
        <source>forest; cropland; water; bare soil</source>
        <translation>森林；农田；水体；裸土</translation>
    </message>
    <message>
        <source>building; swimming pool</source>
        <translation>建筑；游泳池</translation>
    </message>
    <message>
        <source>solar panels; storage tank</source>
        <translation>太阳能板；储罐</translation>
    </message>
    <message>
        <source>ship; harbour</source>
        <translation>船；港口</translation>
    </message>
</context>
<context>
    <name>PlacesController</name>
    <message>
        <source>Start the backend to compute with places.</source>
        <translation>请启动后端以计算地点。</translation>
    </message>
    <message>
        <source>This backend cannot compute with places; update it on the Setup page.</source>
        <translation>此后端不能计算地点；请在“安装”页更新。</translation>
    </message>
    <message>
        <source>Reading the points…</source>
        <translation>正在读取点…</translation>
    </message>
    <message>
        <source>Cancelled.</source>
        <translation>已取消。</translation>
    </message>
    <message>
        <source>The results are in “{folder}”.</source>
        <translation>结果在“{folder}”中。</translation>
    </message>
    <message>
        <source>Done.</source>
        <translation>完成。</translation>
    </message>
</context>
<context>
    <name>PlacesPage</name>
    <message>
        <source>How like a place is every other?</source>
        <translation>各处与某地有多相似？</translation>
    </message>
    <message>
        <source>Predict a column elsewhere</source>
        <translation>把某列预测到别处</translation>
    </message>
    <message>
        <source>A map of vectors</source>
        <translation>向量地图</translation>
    </message>
    <message>
        <source>A vector for each point</source>
        <translation>每个点一个向量</translation>
    </message>
    <message>
        <source>longitude, latitude</source>
        <translation>经度, 纬度</translation>
    </message>
    <message>
        <source>Click on the map</source>
        <translation>在地图上单击</translation>
    </message>
    <message>
        <source>Ridge regression</source>
        <translation>岭回归</translation>
    </message>
    <message>
        <source>Nearest neighbours</source>
        <translation>最近邻</translation>
    </message>
    <message>
        <source>What the map shows</source>
        <translation>地图显示的范围</translation>
    </message>
    <message>
        <source>A rectangle</source>
        <translation>矩形</translation>
    </message>
    <message>
        <source>The whole earth</source>
        <translation>整个地球</translation>
    </message>
    <message>
        <source>as suits the area</source>
        <translation>按区域而定</translation>
    </message>
    <message>
        <source>Compute</source>
        <translation>计算</translation>
    </message>
    <message>
        <source>Question</source>
        <translation>问题</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>地点</translation>
    </message>
    <message>
        <source>Points</source>
        <translation>点</translation>
    </message>
    <message>
        <source>Column</source>
        <translation>列</translation>
    </message>
    <message>
        <source>By</source>
        <translation>方法</translation>
    </message>
    <message>
        <source>Area</source>
        <translation>区域</translation>
    </message>
    <message>
        <source>Cell</source>
        <translation>单元</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Save in</source>
        <translation>保存到</translation>
    </message>
</context>
<context>
    <name>PlacesQuestion</name>
    <message>
        <source>Click a place on the map, or write it as longitude, latitude: 8.55, 47.37.</source>
        <translation>请在地图上单击一个地点，或按“经度, 纬度”填写：8.55, 47.37。</translation>
    </message>
    <message>
        <source>There is no layer of points; add one to the project.</source>
        <translation>没有点图层；请向工程中添加一个。</translation>
    </message>
    <message>
        <source>“{layer}” has no CRS, so nobody knows where its points lie; set it first.</source>
        <translation>“{layer}”没有坐标参考系 (CRS)，无法得知其中的点在哪里；请先设置坐标参考系。</translation>
    </message>
    <message>
        <source>Choose the column that is to be predicted.</source>
        <translation>请选择要预测的列。</translation>
    </message>
    <message>
        <source>Draw the rectangle on the map first.</source>
        <translation>请先在地图上绘制矩形。</translation>
    </message>
    <message>
        <source>Like {place}</source>
        <translation>与 {place} 相似</translation>
    </message>
    <message>
        <source>{column} predicted</source>
        <translation>{column} 的预测</translation>
    </message>
    <message>
        <source>Vectors of {layer}</source>
        <translation>{layer} 的向量</translation>
    </message>
    <message>
        <source>Places, {model}</source>
        <translation>地点，{model}</translation>
    </message>
    <message>
        <source>This place has no longitude and latitude; check the map&apos;s CRS.</source>
        <translation>该位置没有经纬度；请检查地图的坐标参考系 (CRS)。</translation>
    </message>
</context>
<context>
    <name>RankedPlaces</name>
    <message>
        <source>Places found</source>
        <translation>找到的地点</translation>
    </message>
    <message>
        <source>Places, best first: {count}</source>
        <translation>地点，最好的在前：{count}</translation>
    </message>
</context>
<context>
    <name>ResultsController</name>
    <message>
        <source>No object of this result is shown there.</source>
        <translation>该处没有显示此结果的对象。</translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation>正在读取…</translation>
    </message>
    <message>
        <source>This object is not in the layer any more.</source>
        <translation>该对象已不在图层中。</translation>
    </message>
    <message>
        <source>The image this was found in is not in the project any more.</source>
        <translation>找到它的影像已不在工程中。</translation>
    </message>
</context>
<context>
    <name>ScoreSlider</name>
    <message>
        <source>{shown} of {all} objects</source>
        <translation>{shown}/{all} 个对象</translation>
    </message>
</context>
<context>
    <name>SeedField</name>
    <message>
        <source>The same seed gives the same pixels; another one another picture.</source>
        <translation>随机种子相同，像素也相同；换一个则得到另一幅影像。</translation>
    </message>
    <message>
        <source>Throw another seed</source>
        <translation>换一个随机种子</translation>
    </message>
</context>
<context>
    <name>SegmentController</name>
    <message>
        <source>Choose an image first.</source>
        <translation>请先选择一幅影像。</translation>
    </message>
    <message>
        <source>This model is not installed. Download it or choose another one.</source>
        <translation>该模型尚未安装。请下载，或选择其他模型。</translation>
    </message>
    <message>
        <source>Working…</source>
        <translation>正在处理…</translation>
    </message>
    <message>
        <source>Opening the image…</source>
        <translation>正在打开影像…</translation>
    </message>
    <message>
        <source>The image could not be opened. The next click tries again.</source>
        <translation>无法打开影像。下次单击时会重试。</translation>
    </message>
    <message>
        <source>Click an object.</source>
        <translation>请单击一个对象。</translation>
    </message>
    <message>
        <source>This place lies outside the part of the layer that was read for this object. Accept the object or clear it, then click there.</source>
        <translation>该位置在为此对象读取的图层范围之外。请先接受或清除该对象，然后再单击该处。</translation>
    </message>
</context>
<context>
    <name>SegmentPage</name>
    <message>
        <source>New temporary layer</source>
        <translation>新建临时图层</translation>
    </message>
    <message>
        <source>Preview under the pointer</source>
        <translation>在指针下预览</translation>
    </message>
    <message>
        <source>Click on the map</source>
        <translation>在地图上单击</translation>
    </message>
    <message>
        <source>Nothing found there. Add a point or draw a box around the object.</source>
        <translation>该处没有找到对象。请添加一个点，或在对象周围画一个框。</translation>
    </message>
    <message>
        <source>Score {score}</source>
        <translation>得分 {score}</translation>
    </message>
    <message>
        <source>the object goes on beyond the largest area one click may take</source>
        <translation>对象超出了单次单击可处理的最大范围</translation>
    </message>
    <message>
        <source>Image</source>
        <translation>影像</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Into</source>
        <translation>写入</translation>
    </message>
    <message>
        <source>Outline</source>
        <translation>轮廓</translation>
    </message>
    <message>
        <source>Create a new GeoPackage layer</source>
        <translation>新建 GeoPackage 图层</translation>
    </message>
    <message>
        <source>Accept</source>
        <translation>接受</translation>
    </message>
    <message>
        <source>Write the object into the layer: Enter</source>
        <translation>将对象写入图层：Enter</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Take the last prompt back: Backspace or Ctrl+Z</source>
        <translation>撤销上一个提示：Backspace 或 Ctrl+Z</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>重做</translation>
    </message>
    <message>
        <source>Bring the prompt back: Ctrl+Shift+Z</source>
        <translation>恢复提示：Ctrl+Shift+Z</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>清除</translation>
    </message>
    <message>
        <source>Start this object over: Esc</source>
        <translation>重新开始该对象：Esc</translation>
    </message>
    <message>
        <source>Left click: part of the object. Right click or Alt: not part of it. Drag: box. Enter: accept. Backspace: undo. Esc: clear.</source>
        <translation>左键单击：属于对象。右键单击或 Alt：不属于对象。拖动：画框。Enter：接受。Backspace：撤销。Esc：清除。</translation>
    </message>
    <message>
        <source>Image and device</source>
        <translation>影像与设备</translation>
    </message>
</context>
<context>
    <name>SegmentSession</name>
    <message>
        <source>This model is too slow on the CPU for a preview under the pointer.</source>
        <translation>该模型在 CPU 上太慢，无法在指针下预览。</translation>
    </message>
</context>
<context>
    <name>Server</name>
    <message>
        <source>A bundle is made with Python 3.11 to 3.13; install one first.</source>
        <translation>制作离线安装包需要 Python 3.11 至 3.13；请先安装一个。</translation>
    </message>
    <message>
        <source>Writing the bundle</source>
        <translation>正在写入离线安装包</translation>
    </message>
    <message>
        <source>Bundle written</source>
        <translation>离线安装包已写入</translation>
    </message>
    <message>
        <source>Downloading packages</source>
        <translation>正在下载软件包</translation>
    </message>
    <message>
        <source>Downloading PyTorch</source>
        <translation>正在下载 PyTorch</translation>
    </message>
    <message>
        <source>The bundle was made for another kind of machine or version ({what}).</source>
        <translation>该离线安装包是为另一类计算机或版本制作的（{what}）。</translation>
    </message>
    <message>
        <source>Export it again on a machine like this one, with this version of Toposcope.</source>
        <translation>请在同类计算机上用此版本的 Toposcope 重新导出。</translation>
    </message>
    <message>
        <source>There is no room to unpack the bundle.</source>
        <translation>空间不足，无法解压离线安装包。</translation>
    </message>
    <message>
        <source>Checking {name}</source>
        <translation>正在校验 {name}</translation>
    </message>
    <message>
        <source>{name} is not a whole bundle: {why}.</source>
        <translation>{name} 不是完整的离线安装包：{why}。</translation>
    </message>
    <message>
        <source>Copy it again, or export it again.</source>
        <translation>请重新复制，或重新导出。</translation>
    </message>
    <message>
        <source>The disk is full.</source>
        <translation>磁盘已满。</translation>
    </message>
    <message>
        <source>Free some space or choose another folder, then install again.</source>
        <translation>请释放一些空间或选择其他文件夹，然后重新安装。</translation>
    </message>
    <message>
        <source>A downloaded package is not the one this version was tested with.</source>
        <translation>下载的某个软件包与此版本测试所用的不一致。</translation>
    </message>
    <message>
        <source>Install again; if it happens twice, a proxy or mirror changes files: ask whoever runs it.</source>
        <translation>请重新安装；如再次发生，说明代理或镜像更改了文件：请联系其管理员。</translation>
    </message>
    <message>
        <source>The secure connection was refused: something between here and the server replaces certificates.</source>
        <translation>安全连接被拒绝：本机与服务器之间有设备替换了证书。</translation>
    </message>
    <message>
        <source>Ask your administrator for the certificate file and set SSL_CERT_FILE to it, or import a bundle.</source>
        <translation>请向管理员索取证书文件，并将 SSL_CERT_FILE 设为该文件；或导入离线安装包。</translation>
    </message>
    <message>
        <source>The proxy did not let the download through.</source>
        <translation>代理没有放行下载。</translation>
    </message>
    <message>
        <source>Set HTTPS_PROXY to the proxy with its user name, or import a bundle.</source>
        <translation>请将 HTTPS_PROXY 设为带用户名的代理地址，或导入离线安装包。</translation>
    </message>
    <message>
        <source>The package server cannot be reached.</source>
        <translation>无法连接软件包服务器。</translation>
    </message>
    <message>
        <source>Check the network and install again (what was downloaded is kept), or import a bundle.</source>
        <translation>请检查网络后重新安装（已下载的内容会保留），或导入离线安装包。</translation>
    </message>
    <message>
        <source>This operating system is older than the packages support.</source>
        <translation>此操作系统版本过旧，软件包不支持。</translation>
    </message>
    <message>
        <source>Use a newer system (glibc 2.28, Windows 10, macOS 15), or connect to a server.</source>
        <translation>请使用更新的系统（glibc 2.28、Windows 10、macOS 15），或连接到服务器。</translation>
    </message>
    <message>
        <source>A Windows runtime library is missing.</source>
        <translation>缺少 Windows 运行库。</translation>
    </message>
    <message>
        <source>Install Microsoft&apos;s Visual C++ Redistributable 2015-2022 (x64), then choose Repair.</source>
        <translation>请安装 Microsoft Visual C++ Redistributable 2015-2022 (x64)，然后选择“修复”。</translation>
    </message>
    <message>
        <source>A security policy does not let the backend&apos;s Python run.</source>
        <translation>安全策略不允许运行后端的 Python。</translation>
    </message>
    <message>
        <source>Ask your administrator to allow the folder shown above.</source>
        <translation>请让管理员允许上面显示的文件夹。</translation>
    </message>
    <message>
        <source>Another program, often a virus scanner, holds a file of the installation.</source>
        <translation>另一个程序（通常是杀毒软件）占用了安装中的某个文件。</translation>
    </message>
    <message>
        <source>Wait a minute and install again; exclude the folder from scanning if it happens again.</source>
        <translation>请稍等一分钟后重新安装；如再次发生，请将该文件夹排除在扫描之外。</translation>
    </message>
    <message>
        <source>A file or folder of the installation cannot be written.</source>
        <translation>安装中的某个文件或文件夹无法写入。</translation>
    </message>
    <message>
        <source>Choose a folder of your own, then install again.</source>
        <translation>请选择您自己的文件夹，然后重新安装。</translation>
    </message>
    <message>
        <source>A path became longer than this system allows.</source>
        <translation>某个路径超出了系统允许的长度。</translation>
    </message>
    <message>
        <source>Choose a folder with a short path.</source>
        <translation>请选择路径较短的文件夹。</translation>
    </message>
    <message>
        <source>This Python cannot make virtual environments.</source>
        <translation>此 Python 无法创建虚拟环境。</translation>
    </message>
    <message>
        <source>On Debian or Ubuntu install python3-venv; elsewhere choose another Python.</source>
        <translation>在 Debian 或 Ubuntu 上请安装 python3-venv；在其他系统上请选择另一个 Python。</translation>
    </message>
    <message>
        <source>There is no build of a needed package for this system and Python.</source>
        <translation>某个必需的软件包没有适用于此系统和 Python 的版本。</translation>
    </message>
    <message>
        <source>Choose Python 3.11 to 3.13 (64-bit), or import a bundle made on a machine like this one.</source>
        <translation>请选择 Python 3.11 至 3.13（64 位），或导入在同类计算机上制作的离线安装包。</translation>
    </message>
    <message>
        <source>Memory ran out.</source>
        <translation>内存不足。</translation>
    </message>
    <message>
        <source>Close other programs and try again.</source>
        <translation>请关闭其他程序后重试。</translation>
    </message>
    <message>
        <source>A package is missing from this Python.</source>
        <translation>此 Python 缺少某个软件包。</translation>
    </message>
    <message>
        <source>Choose Repair, or install the packages of backend/requirements into it.</source>
        <translation>请选择“修复”，或将 backend/requirements 中的软件包安装到其中。</translation>
    </message>
    <message>
        <source>A step of the installation failed.</source>
        <translation>安装的某个步骤失败。</translation>
    </message>
    <message>
        <source>The log has the details; choose Repair to try again.</source>
        <translation>详情见日志；选择“修复”可重试。</translation>
    </message>
    <message>
        <source>No NVIDIA device was found, so models run on the processor.</source>
        <translation>没有找到 NVIDIA 设备，模型将在处理器上运行。</translation>
    </message>
    <message>
        <source>The driver of {name} is too old ({driver}; 525 is needed).</source>
        <translation>{name} 的驱动程序版本过旧（{driver}；需要 525）。</translation>
    </message>
    <message>
        <source>{name} is too old for today&apos;s torch.</source>
        <translation>{name} 过旧，当前的 PyTorch 不支持。</translation>
    </message>
    <message>
        <source>{name} has too little memory ({memory} MiB) for the models.</source>
        <translation>{name} 的显存 ({memory} MiB) 不足以运行模型。</translation>
    </message>
    <message>
        <source>The driver of {name} is too old ({driver}; 580 is needed).</source>
        <translation>{name} 的驱动程序版本过旧（{driver}；需要 580）。</translation>
    </message>
    <message>
        <source>Models run on {name} (driver {driver}).</source>
        <translation>模型将在 {name} 上运行（驱动程序 {driver}）。</translation>
    </message>
    <message>
        <source>Installed</source>
        <translation>安装完成</translation>
    </message>
    <message>
        <source>There is no earlier environment to return to.</source>
        <translation>没有可以恢复的旧环境。</translation>
    </message>
    <message>
        <source>Making an environment</source>
        <translation>正在创建环境</translation>
    </message>
    <message>
        <source>Trying a model</source>
        <translation>正在试运行模型</translation>
    </message>
    <message>
        <source>{folder} has {free} MiB free, the installation needs {need} MiB.</source>
        <translation>{folder} 剩余 {free} MiB，安装需要 {need} MiB。</translation>
    </message>
    <message>
        <source>Free some space or choose another folder.</source>
        <translation>请释放一些空间，或选择其他文件夹。</translation>
    </message>
    <message>
        <source>Installing PyTorch</source>
        <translation>正在安装 PyTorch</translation>
    </message>
    <message>
        <source>The backend did not start.</source>
        <translation>后端没有启动。</translation>
    </message>
    <message>
        <source>Its log is {path}. Choose Repair on the Setup page.</source>
        <translation>其日志为 {path}。请在“安装”页选择“修复”。</translation>
    </message>
    <message>
        <source>Removing {name}</source>
        <translation>正在移除 {name}</translation>
    </message>
    <message>
        <source>The new folder is inside the old one. Choose another.</source>
        <translation>新文件夹位于旧文件夹之内。请另选一个。</translation>
    </message>
    <message>
        <source>{folder} has too little room.</source>
        <translation>{folder} 的空间不足。</translation>
    </message>
    <message>
        <source>Choose another folder.</source>
        <translation>请选择其他文件夹。</translation>
    </message>
    <message>
        <source>Copying the environment</source>
        <translation>正在复制环境</translation>
    </message>
    <message>
        <source>CUDA was chosen all the same; without a working driver it will not run.</source>
        <translation>仍按选择使用 CUDA；没有可用的驱动程序时将无法运行。</translation>
    </message>
    <message>
        <source>The backend needs macOS 15; this is macOS {release}.</source>
        <translation>后端需要 macOS 15；当前为 macOS {release}。</translation>
    </message>
    <message>
        <source>Connect to a server instead.</source>
        <translation>请改为连接到服务器。</translation>
    </message>
    <message>
        <source>PyTorch is no longer built for Macs with Intel processors.</source>
        <translation>PyTorch 已不再支持 Intel 处理器的 Mac。</translation>
    </message>
    <message>
        <source>Install the core tier.</source>
        <translation>请安装核心版 (Core)。</translation>
    </message>
    <message>
        <source>No suitable Python was found; Python {version} is downloaded too.</source>
        <translation>没有找到合适的 Python；将一并下载 Python {version}。</translation>
    </message>
    <message>
        <source>Fetch Python</source>
        <translation>获取 Python</translation>
    </message>
    <message>
        <source>Make an environment</source>
        <translation>创建环境</translation>
    </message>
    <message>
        <source>Install packages</source>
        <translation>安装软件包</translation>
    </message>
    <message>
        <source>Install PyTorch</source>
        <translation>安装 PyTorch</translation>
    </message>
    <message>
        <source>Try a model</source>
        <translation>试运行模型</translation>
    </message>
    <message>
        <source>Switch over</source>
        <translation>切换到新环境</translation>
    </message>
    <message>
        <source>Cancelled. Nothing was changed.</source>
        <translation>已取消。没有任何更改。</translation>
    </message>
    <message>
        <source>it does not run ({status})</source>
        <translation>它无法运行（{status}）</translation>
    </message>
    <message>
        <source>it is not CPython</source>
        <translation>它不是 CPython</translation>
    </message>
    <message>
        <source>it is {version}, not 3.11 to 3.13</source>
        <translation>其版本为 {version}，不在 3.11 至 3.13 之间</translation>
    </message>
    <message>
        <source>it is a 32-bit program</source>
        <translation>它是 32 位程序</translation>
    </message>
    <message>
        <source>it has no venv (on Debian or Ubuntu install python3-venv)</source>
        <translation>它没有 venv（在 Debian 或 Ubuntu 上请安装 python3-venv）</translation>
    </message>
    <message>
        <source>its system is too old (glibc {number}, 2.28 is needed)</source>
        <translation>其系统版本过旧（glibc {number}；需要 2.28）</translation>
    </message>
    <message>
        <source>No Python 3.11 to 3.13 was found to run the backend with.</source>
        <translation>没有找到可运行后端的 Python 3.11 至 3.13。</translation>
    </message>
    <message>
        <source>Install Python 3.12 (on Debian or Ubuntu: python3-venv), or choose one on the Setup page.</source>
        <translation>请安装 Python 3.12（在 Debian 或 Ubuntu 上：python3-venv），或在“安装”页选择一个。</translation>
    </message>
    <message>
        <source>The backend is not installed yet.</source>
        <translation>后端尚未安装。</translation>
    </message>
    <message>
        <source>Install it from the Setup page.</source>
        <translation>请在“安装”页进行安装。</translation>
    </message>
    <message>
        <source>The backend&apos;s Python is no longer at {path}.</source>
        <translation>后端的 Python 已不在 {path}。</translation>
    </message>
    <message>
        <source>Choose Repair on the Setup page.</source>
        <translation>请在“安装”页选择“修复”。</translation>
    </message>
    <message>
        <source>Another window or command is installing the backend right now.</source>
        <translation>另一个窗口或命令正在安装后端。</translation>
    </message>
    <message>
        <source>Wait until it is done.</source>
        <translation>请等待其完成。</translation>
    </message>
    <message>
        <source>Fetching Python {version}</source>
        <translation>正在获取 Python {version}</translation>
    </message>
    <message>
        <source>No suitable Python is here, and fetching one failed: {why}</source>
        <translation>本机没有合适的 Python，且获取失败：{why}</translation>
    </message>
    <message>
        <source>Exported (ONNX) models need driver 580; with this one they run on the processor.</source>
        <translation>导出的 (ONNX) 模型需要 580 版驱动程序；使用当前驱动程序时它们在处理器上运行。</translation>
    </message>
    <message>
        <source>its manifest is too large</source>
        <translation>其清单过大</translation>
    </message>
    <message>
        <source>its files are not those its manifest names</source>
        <translation>其中的文件与清单所列不符</translation>
    </message>
    <message>
        <source>its manifest names no tier and variant</source>
        <translation>其清单没有注明版本类型</translation>
    </message>
    <message>
        <source>{name} is not the name of a wheel</source>
        <translation>{name} 不是 wheel 文件名</translation>
    </message>
    <message>
        <source>{name} is too large</source>
        <translation>{name} 过大</translation>
    </message>
    <message>
        <source>{name} is longer than its manifest says</source>
        <translation>{name} 的长度超过清单所示</translation>
    </message>
    <message>
        <source>{name} differs from its manifest</source>
        <translation>{name} 与清单不符</translation>
    </message>
</context>
<context>
    <name>SetupActions</name>
    <message>
        <source>Remove the Python environments and downloads? Models, runs and your layers stay.</source>
        <translation>要移除 Python 环境和下载内容吗？模型、运行记录和您的图层会保留。</translation>
    </message>
    <message>
        <source>Move the environment into</source>
        <translation>将环境移动到</translation>
    </message>
    <message>
        <source>Import bundle</source>
        <translation>导入离线安装包</translation>
    </message>
    <message>
        <source>Bundles (*.zip)</source>
        <translation>离线安装包 (*.zip)</translation>
    </message>
    <message>
        <source>Export bundle</source>
        <translation>导出离线安装包</translation>
    </message>
    <message>
        <source>A Python with the backend&apos;s packages</source>
        <translation>已安装后端软件包的 Python</translation>
    </message>
    <message>
        <source>Address of a Toposcope server, like https://host:port. Empty: use this computer.</source>
        <translation>Toposcope 服务器的地址，例如 https://host:port。留空：使用本机。</translation>
    </message>
    <message>
        <source>The server&apos;s token. Empty: the one that is kept for this address.</source>
        <translation>服务器的令牌。留空：使用为此地址保存的令牌。</translation>
    </message>
    <message>
        <source>The token is not kept</source>
        <translation>令牌未保存</translation>
    </message>
    <message>
        <source>QGIS&apos;s authentication database did not take the token.</source>
        <translation>QGIS 的身份验证数据库没有接受该令牌。</translation>
    </message>
    <message>
        <source>Enter QGIS's master password when it asks, or set it in Settings → Options.</source>
        <translation>请在 QGIS 询问时输入主密码，或在“设置 → 选项”中设置主密码。</translation>
    </message>
    <message>
        <source>Does the server have a certificate of its own, as a file that you can choose?</source>
        <translation>服务器是否使用自己的证书，并且您可以选择其文件？</translation>
    </message>
    <message>
        <source>Certificates (*.pem *.crt *.cer);;All files (*)</source>
        <translation>证书 (*.pem *.crt *.cer);;所有文件 (*)</translation>
    </message>
    <message>
        <source>The server&apos;s certificate</source>
        <translation>服务器的证书</translation>
    </message>
</context>
<context>
    <name>SetupPage</name>
    <message>
        <source>Core: works offline, no PyTorch</source>
        <translation>核心版 (Core)：可离线使用，不含 PyTorch</translation>
    </message>
    <message>
        <source>Full: with PyTorch, for SAM and other hub models</source>
        <translation>完整版 (Full)：含 PyTorch，用于 SAM 等 Hub 模型</translation>
    </message>
    <message>
        <source>Choose for me</source>
        <translation>自动选择</translation>
    </message>
    <message>
        <source>Install</source>
        <translation>安装</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Looking for Python and the graphics driver…</source>
        <translation>正在查找 Python 和显卡驱动程序…</translation>
    </message>
    <message>
        <source>{tier} for {variant}: downloads about {download}, takes about {disk} of the {free} free, into
{folder}
with the Python at {python}. Nothing is changed in QGIS itself.</source>
        <translation>{variant} 的{tier}：约下载 {download}，约占用 {disk}（剩余 {free}），安装到
{folder}
所用 Python：{python}。QGIS 本身不会有任何更改。</translation>
    </message>
    <message>
        <source>Toposcope runs its models in a separate Python environment. It is not installed yet.</source>
        <translation>Toposcope 在独立的 Python 环境中运行模型。该环境尚未安装。</translation>
    </message>
    <message>
        <source>Repair</source>
        <translation>修复</translation>
    </message>
    <message>
        <source>Move…</source>
        <translation>移动…</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Import offline bundle…</source>
        <translation>导入离线安装包…</translation>
    </message>
    <message>
        <source>Export offline bundle…</source>
        <translation>导出离线安装包…</translation>
    </message>
    <message>
        <source>Use a Python of my own…</source>
        <translation>使用我自己的 Python…</translation>
    </message>
    <message>
        <source>Use a server…</source>
        <translation>使用服务器…</translation>
    </message>
    <message>
        <source>More</source>
        <translation>更多</translation>
    </message>
    <message>
        <source>(downloaded too)</source>
        <translation>（将一并下载）</translation>
    </message>
</context>
<context>
    <name>ShowController</name>
    <message>
        <source>Add a class first.</source>
        <translation>请先添加一个类别。</translation>
    </message>
    <message>
        <source>Select features of the layer on the map first.</source>
        <translation>请先在地图上选择该图层的要素。</translation>
    </message>
</context>
<context>
    <name>SourceOptions</name>
    <message>
        <source>As the layer is shown</source>
        <translation>与图层显示一致</translation>
    </message>
    <message>
        <source>Chosen here</source>
        <translation>在此指定</translation>
    </message>
    <message>
        <source>2nd to 98th percentile</source>
        <translation>第 2 至第 98 百分位数</translation>
    </message>
    <message>
        <source>From, to</source>
        <translation>指定范围</translation>
    </message>
    <message>
        <source>Choose for me</source>
        <translation>自动选择</translation>
    </message>
    <message>
        <source>Bands and stretch</source>
        <translation>波段与拉伸</translation>
    </message>
    <message>
        <source>Red</source>
        <translation>红</translation>
    </message>
    <message>
        <source>Green</source>
        <translation>绿</translation>
    </message>
    <message>
        <source>Blue</source>
        <translation>蓝</translation>
    </message>
    <message>
        <source>Stretch</source>
        <translation>拉伸</translation>
    </message>
    <message>
        <source>Darkest, brightest</source>
        <translation>最暗值，最亮值</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>设备</translation>
    </message>
</context>
<context>
    <name>Status</name>
    <message>
        <source>The backend is not installed.</source>
        <translation>后端尚未安装。</translation>
    </message>
    <message>
        <source>The backend is not running.</source>
        <translation>后端未运行。</translation>
    </message>
    <message>
        <source>Starting the backend…</source>
        <translation>正在启动后端…</translation>
    </message>
    <message>
        <source>The backend does not answer.</source>
        <translation>后端没有响应。</translation>
    </message>
</context>
<context>
    <name>SyntheticBadges</name>
    <message>
        <source>SYNTHETIC: AI-generated, not an observation</source>
        <translation>合成：由 AI 生成，并非实际观测</translation>
    </message>
</context>
<context>
    <name>TaskController</name>
    <message>
        <source>Clusters of embeddings, found with Toposcope</source>
        <translation>由 Toposcope 得到的嵌入聚类</translation>
    </message>
    <message>
        <source>Done.</source>
        <translation>完成。</translation>
    </message>
    <message>
        <source>Clusters</source>
        <translation>聚类</translation>
    </message>
    <message>
        <source>Compute or open the embeddings of another date first.</source>
        <translation>请先计算或打开另一日期的嵌入。</translation>
    </message>
    <message>
        <source>Change between two dates, seen by embeddings with Toposcope</source>
        <translation>由 Toposcope 通过嵌入得到的两个日期之间的变化</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>变化</translation>
    </message>
    <message>
        <source>Show examples or write a phrase first; the map shows what would be kept.</source>
        <translation>请先给出示例或输入短语；地图会显示将保留的内容。</translation>
    </message>
    <message>
        <source>Found with Toposcope: {what}</source>
        <translation>由 Toposcope 找到：{what}</translation>
    </message>
    <message>
        <source>Show examples of two classes first; the map shows what would be kept.</source>
        <translation>请先给出两个类别的示例；地图会显示将保留的内容。</translation>
    </message>
    <message>
        <source>Classes learnt from a few examples with Toposcope</source>
        <translation>由 Toposcope 按少量示例学得的类别</translation>
    </message>
    <message>
        <source>Classes</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>Open embeddings first.</source>
        <translation>请先打开嵌入。</translation>
    </message>
    <message>
        <source>{what} in {embeddings}</source>
        <translation>{embeddings} 中的 {what}</translation>
    </message>
    <message>
        <source>These places are not in the project any more.</source>
        <translation>这些地点已不在工程中。</translation>
    </message>
    <message>
        <source>Like the examples ({count})</source>
        <translation>与示例相似（{count} 个）</translation>
    </message>
    <message>
        <source>Places found: {count}.</source>
        <translation>找到的地点：{count} 个。</translation>
    </message>
</context>
<context>
    <name>ToposcopeDock</name>
    <message>
        <source>Restart</source>
        <translation>重启</translation>
    </message>
    <message>
        <source>Restart the backend process</source>
        <translation>重启后端进程</translation>
    </message>
    <message>
        <source>Setup</source>
        <translation>安装</translation>
    </message>
    <message>
        <source>Install, repair, move or remove the backend, or use another one</source>
        <translation>安装、修复、移动或移除后端，或使用其他后端</translation>
    </message>
    <message>
        <source>All pages</source>
        <translation>所有页面</translation>
    </message>
</context>
<context>
    <name>ToposcopePlugin</name>
    <message>
        <source>Segment</source>
        <translation>分割</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation>任务</translation>
    </message>
    <message>
        <source>Toposcope: click to segment</source>
        <translation>Toposcope：单击即可分割</translation>
    </message>
    <message>
        <source>New GeoPackage</source>
        <translation>新建 GeoPackage</translation>
    </message>
    <message>
        <source>Ground</source>
        <translation>短语定位</translation>
    </message>
    <message>
        <source>Refine the object with clicks. Enter gives it the new shape, Esc leaves it.</source>
        <translation>请用单击细化对象。Enter 采用新形状，Esc 放弃。</translation>
    </message>
    <message>
        <source>Embeddings</source>
        <translation>嵌入</translation>
    </message>
    <message>
        <source>Places</source>
        <translation>地点</translation>
    </message>
    <message>
        <source>Generate</source>
        <translation>生成</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>变化</translation>
    </message>
</context>
<context>
    <name>VectorJob</name>
    <message>
        <source>Open embeddings first.</source>
        <translation>请先打开嵌入。</translation>
    </message>
    <message>
        <source>This backend cannot do this; update it on the Setup page.</source>
        <translation>此后端做不到这一点；请在“安装”页更新。</translation>
    </message>
    <message>
        <source>Cancelled.</source>
        <translation>已取消。</translation>
    </message>
</context>
<context>
    <name>WhyNot</name>
    <message>
        <source>This model is not installed. Download it or choose another one.</source>
        <translation>该模型尚未安装。请下载，或选择其他模型。</translation>
    </message>
</context>
</TS>
